"""Who acts: a staff member, the worker herself, or the system. Passed into everything that changes
a case."""

from dataclasses import dataclass

from casework.models import Staff
from casework.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does or reads something, with what that person may see (``casework.seeing``)."""

    role: Role
    staff_id: int | None = None
    restricted_pool: bool = False
    brand_id: int | None = None
    scope_factories: frozenset[int] | None = None
    """``None``: of all factories."""
    scope_languages: frozenset[str] | None = None
    barred_factories: frozenset[int] = frozenset()
    may_identify: bool = False
    """May open who a worker is, in the cases they may see."""

    @property
    def handles_cases(self) -> bool:
        """Whether this actor works on cases at all (a brand never does)."""
        return self.role in (Role.ADMIN, Role.SUPERVISOR, Role.HANDLER)


WORKER = Actor(Role.WORKER)
SYSTEM = Actor(Role.SYSTEM)


def staff_actor(staff: Staff) -> Actor:
    """The actor a staff member is."""
    factories, languages = staff.scope_factories, staff.scope_languages
    return Actor(
        staff.role,
        staff.id,
        staff.restricted_pool,
        staff.brand_id,
        None if factories is None else frozenset(factories),
        None if languages is None else frozenset(languages),
        frozenset(staff.barred_factories or ()),
        staff.may_identify,
    )
