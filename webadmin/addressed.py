"""To whom a page of a case writes: what its forms say about how the worker is reached."""

from dataclasses import dataclass

from casework.messaging import reaching
from casework.models import Case, Reporter
from casework.vocabulary import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A case whose worker can be written to, as the macros of ``case_forms.html`` ask for it."""

    case: Case
    reporter: Reporter | None

    @property
    def by_hand(self) -> bool:
        """Whether nothing can be sent to the worker, who complained by phone or in person."""
        return reaching.by_hand(self.case)

    @property
    def forgotten(self) -> bool:
        """Whether the worker asked to be forgotten, so that nothing reaches them ever again."""
        return self.case.forgotten_at is not None

    @property
    def silent(self) -> bool:
        """Whether the worker asked not to be written to."""
        return self.reporter is not None and self.reporter.contact is Contact.NEVER
