"""What every template may use: sentences, labels, dates, and facts about the page."""

from enum import StrEnum
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, g, request, url_for

from casework import lifecycle
from casework.caserows import Row
from casework.queue import Sort
from casework.vocabulary import Category, Promise, Role, Severity, Status
from translations import babel_locale, is_rtl, own_name
from webadmin import acts, context, dates, labels, steps
from webadmin.files import INLINE
from webadmin.i18n import gettext, language, ngettext, said
from webadmin.names import country_name, file_size, language_name


class Names:
    """Names of closed lists with their values, in the order of the vocabulary, for choices."""

    def __getattr__(self, name: str) -> list[tuple[str, str]]:
        lists: dict[str, type[StrEnum]] = {
            "status": Status,
            "severity": Severity,
            "category": Category,
            "promise": Promise,
            "sort": Sort,
        }
        if name not in lists:
            raise AttributeError(name)
        return [(entry.value, labels.label(entry)) for entry in lists[name]]


def _number(value: int) -> str:
    return str(format_decimal(value, locale=babel_locale(language())))


def _icon_sheet() -> str:
    """The file of all icons: a page asks for it a hundred times."""
    if "recourse_icons" not in g:
        g.recourse_icons = url_for("static", filename="vendor/bootstrap-icons.svg")
    return str(g.recourse_icons)


def _next_step(row: Row) -> str:
    """What a handler does next with a case in a list, in few words."""
    action = lifecycle.NEXT.get(row.status)
    if row.unread and row.status is not Status.RECEIVED:
        return gettext("Read what the worker wrote")
    if row.status is Status.VERIFYING and row.asked_at:
        until = row.asked_at + lifecycle.APPEAL_WINDOW
        if context.now() < until:
            return gettext("Wait for the worker until %(day)s") % {"day": dates.day(until)}
    if row.open_question:
        return gettext("Wait for the worker's answer")
    if row.status is Status.APPEALED:
        return gettext("Somebody else takes it up")
    return gettext(acts.STEPS[action].verb) if action else gettext("Nothing is left to do")


def install(app: Flask) -> None:
    """Equip the templates of an application."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        label=labels.label,
        icon_of=labels.icon,
        day=dates.day,
        moment=dates.moment,
        long_moment=dates.long_moment,
        ago=dates.ago,
        due=dates.due,
        language_name=language_name,
        country_name=country_name,
        number=_number,
        file_size=file_size,
        own_name=own_name,
        said=said,
        next_step=_next_step,
        long_day=dates.long_day,
        step=steps.step,
    )
    app.jinja_env.globals.update(
        icon_sheet=_icon_sheet,
        kind_name=labels.kind,
        reason_text=labels.reason,
        page_language=language,
        page_is_rtl=lambda: is_rtl(language()),
        practice=lambda: context.office().settings.practice,
        operator=lambda: context.office().settings.operator,
        signed_in=context.signed_in,
        now=context.now,
        elsewhere=dates.elsewhere,
        inline_types=INLINE,
        names=Names(),
        Role=Role,
    )

    @app.context_processor
    def _here() -> dict[str, Any]:
        return {"room": request.blueprint or ""}
