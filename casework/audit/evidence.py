"""What events say of words that are no message: a keyed digest of a summary, and of what was filed.

By it a later change is found, and nobody without the key file can try whether they guess the words.
"""

import json
from datetime import UTC

from casework.db import Session
from casework.messaging import messages
from casework.models import Case


def summary(session: Session, case: Case) -> str:
    """A digest of the handler's summary as it stands now, ``""`` if there is none."""
    text = messages.summary(session, case)
    return session.vault.index("summary", f"{case.id}\0{text}").hex() if text else ""


def filed(session: Session, case: Case) -> str:
    """A digest of what the worker answered when the case was filed, as far as nobody ever changes
    it. What may change (category, factory) stands in the event itself."""
    said = [
        case.id,
        case.reference,
        case.received_at.astimezone(UTC).isoformat(),
        case.channel.value,
        case.language,
        case.practice,
        *(one.value if one else None for one in (case.relation, case.danger)),
        *(one.value if one else None for one in (case.since, case.how_many)),
        messages.factory_words(session, case),
    ]
    return session.vault.index("filed", json.dumps(said)).hex()
