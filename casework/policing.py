"""The versions of the policy in the database: the newest one holds for everything that is open."""

from functools import lru_cache

from sqlmodel import col, select

from casework import policies
from casework.db import Session
from casework.models import PolicyVersion
from casework.policies import Policy


def current(session: Session) -> Policy:
    """The policy that holds now; what comes along where nobody has changed it yet."""
    newest = select(PolicyVersion.id).order_by(col(PolicyVersion.number).desc()).limit(1)
    with session.no_autoflush:  # a batch of complaints is written in one go
        row = session.exec(newest).first()
    return policies.DEFAULT if row is None else _policy(session.get_one(PolicyVersion, row))


def _policy(version: PolicyVersion) -> Policy:
    # A version never changes, and reading one takes longer than filing a complaint.
    return _read(_Version(version))


class _Version:
    """A version that is known by its id."""

    def __init__(self, row: PolicyVersion) -> None:
        self.row = row

    def __hash__(self) -> int:
        return self.row.id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and other.row.id == self.row.id


@lru_cache(maxsize=8)
def _read(version: _Version) -> Policy:
    return policies.from_data(version.row.data, version.row.number)
