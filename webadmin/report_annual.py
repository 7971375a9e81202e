"""The text for an annual sustainability report: a paragraph, and the annual table of the field."""

from casework.figures.measures import Dimension, Measure, Ruling
from casework.vocabulary import Promise
from webadmin import figure_words
from webadmin.i18n import gettext as _
from webadmin.report_numbers import Facts
from webadmin.report_parts import Gap, Line, Text, Who, line, listing, open_line

_D, _M = Dimension, Measure


def sustainability(facts: Facts, who: Who) -> Text:
    """Reach, what came in, how it ended, how fast, and what was put right."""
    shown = {
        "period": facts.period,
        "sites": facts.open_fact(_M.SITES),
        "workers": facts.open_fact(_M.WORKERS),
        "brand": who.brand,
        "operator": who.operator,
        "languages": facts.open_fact(_M.LANGUAGES),
        "cases": facts.count(_M.RECEIVED),
        "persons": facts.count(_M.PERSONS),
        "taken": facts.count(_M.ADMISSIBLE),
        "decided": facts.count(_M.DECIDED),
        "remedied": facts.count(_M.REMEDIED),
    }
    return Text(
        "sustainability",
        _("Annual sustainability report"),
        _("A paragraph and the annual table."),
        (
            (
                _(
                    "In %(period)s, workers at factories that work for %(brand)s could complain through a"
                    " mechanism that is run by %(operator)s (factories: %(sites)s; workers:"
                    " %(workers)s; languages: %(languages)s)."
                )
                % shown,
                " ",
                _(
                    "It received %(cases)s cases of %(persons)s workers; %(taken)s cases were taken"
                    " up. %(decided)s times a worker was told how a case ends, or took it back. The"
                    " remedy of %(remedied)s workers was delivered and verified."
                )
                % shown,
                " ",
                figure_words.low_counts(),
            ),
            (
                Gap(
                    _(
                        "What did you change in your purchasing or at your factories because of these cases?"
                    )
                ),
            ),
        ),
        _annual_table(facts),
    )


def _annual_table(facts: Facts) -> tuple[Line, ...]:
    lines = [
        *(open_line(facts, one) for one in (_M.SITES, _M.WORKERS, _M.LANGUAGES)),
        Line(
            _("Cases for each 1,000 workers"),
            (facts.rate(),),
            _(
                "Cases received, divided by the workers at the factories covered, times 1,000. Left"
                " out where the number of workers of a factory is not known."
            ),
        ),
        *(line(facts, one) for one in (_M.RECEIVED, _M.PERSONS, _M.ISSUES, _M.ADMISSIBLE)),
        listing(facts, _M.RECEIVED, _D.TOPIC, _("Cases received, by topic")),
        listing(facts, _M.RECEIVED, _D.COUNTRY, _("Cases received, by country")),
        line(facts, _M.DECIDED),
        listing(facts, _M.DECIDED, _D.OUTCOME, _("Cases decided, by outcome")),
        line(facts, _M.OPEN),
        listing(facts, _M.OPEN, _D.AGE, _("Open cases by age")),
    ]
    for promise in (Promise.ACKNOWLEDGE, Promise.FIRST_REPLY, Promise.OUTCOME, Promise.REMEDY):
        name = figure_words.value_name(_D.PROMISE, promise.value)
        lines += [
            Line(
                _("%(promise)s: days") % {"promise": name},
                (facts.days(promise),),
                figure_words.meaning(_M.DAYS),
            ),
            Line(
                _("%(promise)s: kept in time") % {"promise": name},
                (facts.in_time(promise),),
                _("The share of promises due in the period that were kept by their deadline."),
            ),
        ]
    return (
        *lines,
        line(facts, _M.REMEDIED),
        Line(
            figure_words.measure_name(_M.PAID),
            facts.money(_M.PAID, _M.PAID_PERSONS),
            figure_words.meaning(_M.PAID),
        ),
        line(facts, _M.RETALIATION),
        line(facts, _M.APPEALS),
        _upheld(facts),
    )


def _upheld(facts: Facts) -> Line:
    return Line(
        _("Disputes and appeals upheld"),
        (facts.part(_M.APPEALS, _D.RULING, Ruling.UPHELD.value),),
        _("The worker was right: what is decided now is not what was decided before."),
    )
