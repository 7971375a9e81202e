"""The versions of the policy in the database: the newest one holds for everything that is open."""

from sqlmodel import col, select

from casework.db import Session
from casework.deadlines import policies
from casework.deadlines.policies import Policy
from casework.models import PolicyVersion

# Each complaint asks for it: built once, because building it takes longer than the database does.
_NEWEST = select(PolicyVersion.id).order_by(col(PolicyVersion.number).desc()).limit(1)
_MOST_KNOWN = 8
_known: dict[int, Policy] = {}
"""Versions by their row. One never changes, and reading it takes longer than filing a complaint."""


def current(session: Session) -> Policy:
    """The policy that holds now; what comes along where nobody has changed it yet."""
    with session.no_autoflush:  # a batch of complaints is written in one go
        row = session.exec(_NEWEST).first()
    if row is None:
        return policies.DEFAULT
    policy = _known.get(row)
    if policy is None:
        version = session.get_one(PolicyVersion, row)
        policy = policies.from_data(version.data, version.number)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[row] = policy
    return policy
