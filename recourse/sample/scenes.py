"""Who tells what, and where: scenes of sample cases, drawn so that the stories take turns."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from random import Random

from casework.categories import starting_severity
from casework.deadlines.calendars import WorkingCalendar
from casework.vocabulary import Category, Channel, Contact, Relation, Severity
from recourse.sample.pen import filled, holes
from recourse.sample.people_and_places import OFFICES, PLACES, Place
from recourse.sample.plans import Person
from recourse.sample.words import Story, Words, words

_LANGUAGES = {
    "VN": {"vi": 1.0},
    "ID": {"id": 1.0},
    "MY": {"my": 0.5, "id": 0.35, "en": 0.15},
    "JP": {"vi": 0.5, "my": 0.35, "en": 0.15},
    "KH": {"en": 1.0},
    "BD": {"en": 1.0},
}
"""Who works where: people of Myanmar in MY and JP, of Viet Nam in JP, of Indonesia in MY."""

_ABOUT = {
    "WAG": 28.0,
    "HRS": 19.0,
    "HAR": 8.0,
    "HAR/sexual": 3.5,
    "OHS": 11.0,
    "CON": 6.0,
    "DRM": 5.0,
    "REC": 8.0,
    "DOC": 6.0,
    "DIS": 4.0,
    "FOA": 3.0,
    "RET": 2.5,
    "FLB": 5.0,
    "CHL": 1.0,
    "OTH": 4.5,
}
"""How often something comes up. What happens to migrant workers only is drawn in two countries."""


@dataclass(slots=True)
class Deck:
    """What was drawn so far, so that stories take turns and some workers come again."""

    rng: Random
    told: Counter[str] = field(default_factory=Counter)
    people: dict[tuple[str, str], list[Person]] = field(default_factory=dict)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A story told in a language at a place. ``found`` fills its holes."""

    place: Place
    words: Words
    story: Story
    found: dict[str, int | str]

    @property
    def calendar(self) -> WorkingCalendar:
        return OFFICES[self.place.country].calendar

    @property
    def summary(self) -> str:
        """What the handler writes about it."""
        return self.story.summary.format_map(self.found)


def severity_of(story: Story) -> Severity:
    """The severity a case with this story starts with."""
    return starting_severity(story.topic.category, story.topic.kind, story.danger)


def next_scene(deck: Deck, wanted: Callable[[Story], bool] = lambda _: True) -> Scene:
    """A place, a language, and the story that was told least of what comes up there."""
    rng = deck.rng
    while True:
        place = rng.choices(PLACES, [one.share for one in PLACES])[0]
        spoken = _LANGUAGES[place.country]
        said = words(rng.choices(list(spoken), list(spoken.values()))[0])
        about = rng.choices(list(_ABOUT), list(_ABOUT.values()))[0]
        fitting = [
            story for story in said.stories if _fits(story, about, place.country) and wanted(story)
        ]
        if fitting:
            story = min(fitting, key=lambda one: (deck.told[one.text], rng.random()))
            deck.told[story.text] += 1
            return Scene(place, said, story, holes(rng, said, place.country))


def pieces(rng: Random, scene: Scene) -> tuple[str, ...]:
    """The messages she sends: some greet first, some add a line at the end."""
    story, general = scene.story, scene.words.general
    told = filled(story.text, scene.found, scene.words.language)
    before = rng.choice(general("openings")) if rng.random() < 0.5 else ""
    after = rng.choice(general("closings")) if rng.random() < 0.5 else ""
    if story.relation is not Relation.WORKER or story.topic.category is Category.OTHER:
        after = ""
    said = tuple(filter(None, (before, told, after)))
    return said if rng.random() < 0.5 else (" ".join(said),)


def person(deck: Deck, scene: Scene) -> Person:
    """A new worker, or one who has been here before with something else."""
    rng = deck.rng
    known = deck.people.setdefault((scene.place.code, scene.words.language), [])
    if known and rng.random() < 0.08:
        return rng.choice(known)
    deck.count += 1
    contact = rng.choices(list(Contact), [0.76, 0.16, 0.08])[0]
    evening = time(rng.randint(18, 20)), time(rng.randint(21, 22), 30)
    new = Person(
        number=1_000 + deck.count,
        channel=Channel.TELEGRAM if rng.random() < 0.35 else Channel.WEB,
        language=scene.words.language,
        contact=contact,
        zone=scene.place.zone,
        safe=evening if contact is Contact.SAFE_HOURS else None,
    )
    known.append(new)
    return new


def _fits(story: Story, about: str, country: str) -> bool:
    if story.only and country not in story.only:
        return False
    if about == "HAR":
        return story.named.startswith("HAR/") and not story.topic.sexual
    return story.named.startswith(about)
