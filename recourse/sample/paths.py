"""The ways a sample case may go, from the first look to its end."""

from collections.abc import Callable

from casework.vocabulary import Action, Category, Inadmissible, Referral
from recourse.sample.legs import (
    MINUTES,
    TALKS,
    anew,
    confirm,
    dispute,
    look,
    mend,
    note,
    silence,
    sort,
    take,
    talk,
    tell,
    tell_again,
)
from recourse.sample.pen import Pen


def _put_right(pen: Pen) -> None:
    talk(pen)
    look(pen)
    mend(pen)
    tell(pen)
    (confirm if pen.chance(0.68) else silence)(pen)


def _explained(pen: Pen) -> None:
    talk(pen)
    look(pen)
    tell(pen, "unfounded")
    (confirm if pen.chance(0.4) else silence)(pen)


def _answered(pen: Pen) -> None:
    pen.staff(Action.REPLY, TALKS[pen.severity], pen.about("reply"))
    pen.staff(Action.ASSESS, MINUTES)
    pen.staff(Action.CONCLUDE, (1.0, 8.0), pen.about("outcome"))
    (confirm if pen.chance(0.6) else silence)(pen)


def _disputed(pen: Pen) -> None:
    talk(pen)
    look(pen)
    mend(pen)
    tell(pen)
    dispute(pen)
    anew(pen)
    tell_again(pen)
    confirm(pen)


def _appealed(pen: Pen) -> None:
    talk(pen)
    look(pen)
    mend(pen)
    tell(pen)
    pen.worker(Action.CONFIRM, (0.2, 5.0))
    pen.staff(Action.CLOSE, (0.5, 4.0))
    pen.worker(Action.APPEAL, (3.0, 9.0), pen.general("appealed"))
    anew(pen)
    tell_again(pen)
    confirm(pen)


def _referred(pen: Pen) -> None:
    talk(pen)
    pen.staff(Action.ASSESS, (0.1, 2.0))
    note(pen, (0.2, 3.0), "early")
    _refer(pen)


def _refer(pen: Pen) -> None:
    if pen.story.topic.sexual:
        text = pen.general("referred_care")
        pen.staff(Action.REFER, (0.5, 6.0), text, reason=Referral.CARE)
        return
    texts = pen.words.general("referred")
    which = pen.rng.randrange(len(texts))
    pen.staff(Action.REFER, (0.5, 6.0), texts[which], reason=_REFERRED[which])


_REFERRED = (Referral.LABOUR_OFFICE, Referral.LEGAL_AID)
"""To whom the sentences of ``referred`` lead."""
_REASONS = (Inadmissible.NOT_WORK, Inadmissible.NOT_COVERED, Inadmissible.DECIDED)
"""What the sentences of ``rejected`` say."""
_NOT_ABOUT_WORK, _NOT_OURS, _LOOKED_BEFORE = 0, 1, 2
"""Which of the reasons of ``rejected`` is which."""


def _rejected(pen: Pen) -> None:
    out_of_scope = pen.story.topic.kind == "out-of-scope"
    which = _NOT_ABOUT_WORK if out_of_scope else _LOOKED_BEFORE
    pen.staff(Action.ASSESS, (0.2, 2.0))
    _reject(pen, which)


def _reject(pen: Pen, which: int) -> None:
    text = pen.words.general("rejected")[which]
    pen.staff(Action.REJECT, (0.5, 5.0), text, reason=_REASONS[which])


def nowhere(pen: Pen, summary: str, factory_words: str) -> None:
    """A case whose factory is not in the list, or not said: little can be done about it."""
    take(pen)
    sort(pen, summary)
    pen.staff(Action.ASK, TALKS[pen.severity], pen.general("which"))
    if pen.chance(0.7):
        said = pen.words.general("unsaid")
        pen.worker(Action.ADD, (0.1, 3.0), said[1] if factory_words else said[0])
    pen.staff(Action.ASSESS, (0.2, 2.0))
    if factory_words:
        _reject(pen, _NOT_OURS)
        return
    _refer(pen)


def _withdrawn(pen: Pen) -> None:
    if pen.chance(0.7):
        talk(pen)
    if pen.chance(0.5):
        look(pen)
    pen.worker(Action.WITHDRAW, (0.5, 10.0), pen.general("withdrawn"))
    note(pen, (0.2, 2.0), "withdrawal")


Path = Callable[[Pen], None]

_USUAL: tuple[tuple[Path, float], ...] = (
    (_put_right, 60),
    (_explained, 9),
    (_disputed, 7),
    (_appealed, 3),
    (_referred, 5),
    (_rejected, 3),
    (_withdrawn, 5),
)
_GRAVE: tuple[tuple[Path, float], ...] = ((_put_right, 70), (_disputed, 12), (_referred, 18))
_CARE: tuple[tuple[Path, float], ...] = ((_put_right, 55), (_referred, 35), (_disputed, 10))
_GRAVE_CATEGORIES = {Category.CHILD_LABOUR, Category.FORCED_LABOUR, Category.DOCUMENTS}


def whole(pen: Pen, summary: str) -> None:
    """A case from the first look to its end, on a way that fits its story."""
    take(pen)
    sort(pen, summary)
    topic = pen.story.topic
    if topic.category is Category.OTHER:
        ways = {"question": _answered, "suggestion": _put_right, "out-of-scope": _rejected}
        ways[topic.kind](pen)
        return
    choices = _GRAVE if topic.category in _GRAVE_CATEGORIES else _USUAL
    if topic.sexual:
        choices = _CARE
    path = pen.rng.choices([p for p, _ in choices], [weight for _, weight in choices])[0]
    path(pen)
