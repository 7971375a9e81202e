"""The few errors of the domain, and what it remarks to staff in their own language.

Each message says what to do next.
"""

from typing import Self


class Remark(str):
    """An English sentence that can still be said in another language.

    ``Remark("Row %(row)s is empty.", row=3)`` is the text with its values filled in; ``msgid`` and
    ``values`` are what ``webadmin.i18n.said`` makes the reader's sentence of. Write the first
    argument out as one literal: that is how it gets into the catalogs of staff. Without values a
    ``%`` is just a ``%``.
    """

    __slots__ = ("msgid", "values")

    msgid: str
    values: dict[str, object]

    def __new__(cls, msgid: str, /, **values: object) -> Self:
        """Fill the holes; ``KeyError`` where a value is missing."""
        remark = super().__new__(cls, msgid % values if values else msgid)
        remark.msgid, remark.values = msgid, values
        return remark


class RecourseError(Exception):
    """Something a person can mend. Its text is one clear line; show it, never a stack trace."""

    def __init__(self, msgid: str, /, **values: object) -> None:
        self.remark = Remark(msgid, **values)
        super().__init__(self.remark)

    @classmethod
    def saying(cls, remark: Remark) -> Self:
        """The error that says a remark made elsewhere."""
        return cls(remark.msgid, **remark.values)


class SettingError(RecourseError):
    """A setting is missing or wrong."""


class NotAllowed(RecourseError):
    """This action is not open: wrong status, wrong role, or something it needs is missing."""


class BadInput(RecourseError):
    """What was typed or uploaded can't be used as it is."""
