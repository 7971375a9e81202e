"""What must not stand in a text that the factory reads: the number of the case, the worker's words.

This finds what a machine can find. That a text names nobody is for whoever writes it to see.
"""

import re
from collections.abc import Iterator

from sqlmodel import select

from casework.db import Session
from casework.errors import BadInput
from casework.messaging import beside, messages
from casework.models import Case, Interview
from casework.references import parse_reference
from casework.searching.folding import plain
from casework.vocabulary import Direction, Whom

_LIKE_A_REFERENCE = re.compile(r"[0-9A-Za-z]{2}[0-9A-Za-z -]{6,14}")
_RUN = 24
"""So many characters in a row, without case, accents and punctuation, are no accident: four or five
words of a European language, a short sentence of Burmese or Khmer (our default)."""


def check(session: Session, case: Case, text: str) -> None:
    """``BadInput`` where a text names the case or repeats what the worker wrote."""
    if case.reference.lower() in text.lower() or _names(case.reference, text):
        raise BadInput("Take out the case number: the factory must not learn it.")
    mine = _runs(text)
    for said in _of_the_worker(session, case):
        if mine & _runs(said):
            raise BadInput(
                "This repeats the worker’s own words, and words can show who it was. Write it in"
                " yours."
            )


def _of_the_worker(session: Session, case: Case) -> Iterator[str]:
    """What the worker wrote or said, in other languages too: a handler reads, and copies, those."""
    talks = select(Interview.message_id).where(
        Interview.case_id == case.id, Interview.whom == Whom.WORKER
    )
    told = set(session.exec(talks))
    for message in messages.of_case(session, case.id):
        if message.direction is Direction.FROM_WORKER or message.id in told:
            yield messages.words(session, message)
            for version in beside.all_of(session, message_id=message.id):
                yield beside.words(session, version)


def _names(reference: str, text: str) -> bool:
    return any(
        parse_reference(found[start:]) == reference
        for found in _LIKE_A_REFERENCE.findall(text)
        for start in range(len(found))
    )


def _runs(text: str) -> set[str]:
    folded = plain(text)
    return {folded[at : at + _RUN] for at in range(len(folded) - _RUN + 1)}
