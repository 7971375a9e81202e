"""The steps of a due time's calculation in the reader's language."""

from markupsafe import Markup, escape

from casework.deadlines.clocks import Day, Moment
from casework.errors import Remark
from webadmin import dates
from webadmin.i18n import gettext


def step(remark: Remark) -> Markup:
    """A step of ``casework.deadlines.clocks.due`` with its days and times as the reader writes them."""
    values = {name: _worded(name, value) for name, value in remark.values.items()}
    return Markup(escape(gettext(remark.msgid))) % values  # noqa: S704  it is escaped


def _worded(name: str, value: object) -> object:
    match value:
        case Moment(at):
            return dates.wall_moment(at)
        case Day(day):
            return dates.long_day(day)
        case str() if name == "holiday":
            return Markup('<span lang="en">{}</span>').format(value)
        case _:
            return value
