"""Draws the plans of all sample cases from one random seed: a year and a half that ends now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from casework.vocabulary import Action, Category, Danger, HowMany, Since
from recourse.sample.paths import nowhere, whole
from recourse.sample.pen import Pen, awake
from recourse.sample.people_and_places import HANDLER
from recourse.sample.plans import Plan, Step
from recourse.sample.scenes import Deck, Scene, next_scene, person, pieces, severity_of
from recourse.sample.stages import STAGES, Brief, Stage, filed_before, started

SPAN = timedelta(days=548)
"""How far back the history goes: eighteen months."""

_NEWEST = timedelta(minutes=25)
"""Nothing happened in the last minutes before now."""

_PACES = [0.62**tries for tries in range(16)]
"""Ever more hurried: the first pace at which an open case has come far enough by now is taken."""


def draw(now: datetime, seed: int, count: int) -> tuple[Plan, ...]:
    """The plans of ``count`` cases, the open ones first; the same for the same arguments."""
    now = now.replace(microsecond=0)
    deck = Deck(Random(seed))  # noqa: S311  sample data, not secrets
    still_open = [_open(deck, stage, now) for stage in STAGES]
    ended = [_ended(deck, now) for _ in range(count - len(still_open))]
    return (*still_open, *ended)


def _open(deck: Deck, stage: Stage, now: datetime) -> Plan:
    scene = next_scene(deck, stage.may_be_about)
    at = started(stage, severity_of(scene.story), scene.calendar, now, deck.rng)
    filed_at, taken_at = at, None
    if stage.acknowledged:
        filed_at, taken_at = filed_before(at, scene.calendar, deck.rng), at
    for pace in _PACES:
        pen = _pen(deck, scene, filed_at, pace)
        stage.prefix(pen, Brief(scene.summary, taken_at))
        if not pen.steps or pen.steps[-1].at < now - _NEWEST:
            break
    pen.keep_telling(now - _NEWEST)
    return _plan(deck, scene, filed_at, pen.steps, now)


def _ended(deck: Deck, now: datetime) -> Plan:
    rng = deck.rng
    scene = next_scene(deck)
    known = scene.story.topic.category is Category.OTHER or rng.random() < 0.94
    called = rng.choice(scene.words.general("places")) if rng.random() < 0.6 else ""
    while True:
        # A few more each month: the mechanism becomes known.
        ago = timedelta(seconds=int(SPAN.total_seconds() * rng.random() ** 1.15))
        filed_at = awake(now - ago, scene.calendar, rng)
        pen = _pen(deck, scene, filed_at, 1.7 if rng.random() < 0.06 else 1.0)
        if known:
            whole(pen, scene.summary)
        else:
            nowhere(pen, scene.summary, called)
        decided = [step.at for step in pen.steps if step.action is not Action.CLOSE][-1]
        if decided < now - _NEWEST:
            break
    plan = _plan(deck, scene, filed_at, pen.steps, now)
    return plan if known else replace(plan, factory="", factory_words=called)


def _pen(deck: Deck, scene: Scene, filed_at: datetime, pace: float) -> Pen:
    return Pen(
        deck.rng,
        scene.words,
        scene.story,
        scene.calendar,
        filed_at,
        owner=HANDLER[scene.words.language],
        severity=severity_of(scene.story),
        pace=pace,
    )


def _plan(
    deck: Deck, scene: Scene, filed_at: datetime, steps: Sequence[Step], now: datetime
) -> Plan:
    rng, story = deck.rng, scene.story
    file = "voice" if rng.random() < 0.03 else ""
    if story.file and rng.random() < 0.45:
        file = story.file
    return Plan(
        person=person(deck, scene),
        filed_at=filed_at,
        factory=scene.place.code,
        factory_words="",
        story=story,
        said=pieces(rng, scene),
        file=file,
        danger=story.danger or (Danger.UNSURE if rng.random() < 0.06 else Danger.NO),
        since=(story.since or rng.choice(list(Since))) if rng.random() < 0.9 else None,
        how_many=(story.how_many or HowMany.ME) if rng.random() < 0.9 else None,
        steps=tuple(step for step in steps if step.at < now - _NEWEST / 2),
    )
