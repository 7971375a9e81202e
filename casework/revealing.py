"""What must not stand in a text that the factory reads: the number of the case, the worker's words.

This finds what a machine can find. That a text names nobody is for whoever writes it to see.
"""

import re

from casework import messages
from casework.db import Session
from casework.errors import BadInput
from casework.folding import plain
from casework.models import Case
from casework.references import parse_reference
from casework.vocabulary import Direction

_LIKE_A_REFERENCE = re.compile(r"[0-9A-Za-z]{2}[0-9A-Za-z -]{6,14}")
_RUN = 24
"""So many characters in a row, without case, accents and punctuation, are no accident: four or five
words of a European language, a short sentence of Burmese or Khmer (our default)."""


def check(session: Session, case: Case, text: str) -> None:
    """``BadInput`` where a text names the case or repeats what the worker wrote."""
    if case.reference.lower() in text.lower() or _names(case.reference, text):
        raise BadInput("Take out the case number: the factory must not learn it.")
    mine = _runs(text)
    for message in messages.of_case(session, case.id):
        if message.direction is Direction.FROM_WORKER and mine & _runs(
            messages.words(session, message)
        ):
            raise BadInput(
                "This repeats the worker’s own words, and words can show who it was. Write it in"
                " yours."
            )


def _names(reference: str, text: str) -> bool:
    return any(
        parse_reference(found[start:]) == reference
        for found in _LIKE_A_REFERENCE.findall(text)
        for start in range(len(found))
    )


def _runs(text: str) -> set[str]:
    folded = plain(text)
    return {folded[at : at + _RUN] for at in range(len(folded) - _RUN + 1)}
