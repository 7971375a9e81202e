"""What every template may use: sentences, labels, dates, and facts about the page."""

from enum import StrEnum
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, g, request, url_for
from markupsafe import Markup

from casework.conflicts import MUST_DECLARE
from casework.lifecycle import HANDLING_ROLES
from casework.remedy import money
from casework.searching.queue import Sort
from casework.vocabulary import (
    Category,
    ExtensionReason,
    Finding,
    Gravity,
    LedgerKind,
    LinkKind,
    Meeting,
    PartyKind,
    PauseReason,
    Promise,
    RemedyKind,
    RemedyOwner,
    Role,
    Severity,
    Situation,
    Status,
    VerifiedBy,
)
from translations import babel_locale, is_rtl, own_name
from webadmin import (
    access,
    acts,
    beside_words,
    case_ties,
    context,
    dates,
    labels,
    next_steps,
    notices,
    rooms,
    steps,
)
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
            "pause_reason": PauseReason,
            "extension_reason": ExtensionReason,
            "remedy_kind": RemedyKind,
            "remedy_owner": RemedyOwner,
            "verified_by": VerifiedBy,
            "ledger_kind": LedgerKind,
            "finding": Finding,
            "gravity": Gravity,
            "meeting": Meeting,
            "party_kind": PartyKind,
            "situation": Situation,
        }
        if name not in lists:
            raise AttributeError(name)
        return [(entry.value, labels.label(entry)) for entry in lists[name]]


def _number(value: int) -> str:
    return str(format_decimal(value, locale=babel_locale(language())))


def _amount(minor: int, currency: str) -> str:
    return money.written(minor, currency, babel_locale(language()))


def _icon_sheet() -> str:
    """The file of all icons: a page asks for it a hundred times."""
    if "recourse_icons" not in g:
        g.recourse_icons = url_for("static", filename="vendor/bootstrap-icons.svg")
    return str(g.recourse_icons)


def _sentence(msgid: str, **values: object) -> Markup:
    """``_`` of templates, which are all HTML: what Jinja's own does on its third call inside a call.
    Pages say some hundred sentences."""
    text = Markup(gettext(msgid))  # noqa: S704  from our catalogs; values are escaped
    return text % values if "%" in text else text


def install(app: Flask) -> None:
    """Equip the templates of an application."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _sentence
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        label=labels.label,
        icon_of=labels.icon,
        day=dates.day,
        moment=dates.moment,
        long_moment=dates.long_moment,
        ago=dates.ago,
        there=dates.there,
        due=dates.due,
        language_name=language_name,
        country_name=country_name,
        number=_number,
        amount=_amount,
        file_size=file_size,
        own_name=own_name,
        said=said,
        next_step=next_steps.next_step,
        next_part=next_steps.where,
        long_day=dates.long_day,
        step=steps.step,
    )
    app.jinja_env.tests.update(in_room=rooms.is_in)
    app.jinja_env.globals.update(
        icon_sheet=_icon_sheet,
        kind_name=labels.kind,
        reason_text=labels.reason,
        page_language=language,
        page_is_rtl=lambda: is_rtl(language()),
        practice=lambda: context.office().settings.practice,
        operator=lambda: context.office().settings.operator,
        keep_years=lambda: context.office().settings.keep_years,
        signed_in=context.signed_in,
        second_step_by=access.second_step_by,
        speaks=beside_words.speaks,
        rooms_of=rooms.of_role,
        case_tabs=rooms.TABS,
        handling_roles=HANDLING_ROLES,
        unread_notices=notices.unread,
        now=context.now,
        elsewhere=dates.elsewhere,
        inline_types=INLINE,
        names=Names(),
        Role=Role,
        undeclared=case_ties.undeclared,
        must_declare=MUST_DECLARE,
        beware=acts.beware,
        LinkKind=LinkKind,
    )

    @app.context_processor
    def _here() -> dict[str, Any]:
        return {"room": request.blueprint or ""}
