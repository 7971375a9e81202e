"""Texts for reports out of a release: sentences with numbers, tables with definitions, and gaps where
a person has to write something. Nothing is made up: what is not known is a gap or a mark."""

from collections.abc import Callable

from casework.figures.measures import Answer, Dimension, Measure, Topic
from casework.vocabulary import Outcome
from webadmin import figure_words
from webadmin.i18n import gettext as _
from webadmin.report_annual import sustainability
from webadmin.report_numbers import Facts
from webadmin.report_parts import Gap, Line, Text, Who, line, listing

_D, _M = Dimension, Measure


def texts(facts: Facts, who: Who) -> tuple[Text, ...]:
    """All texts of a period."""
    made: tuple[Callable[[Facts, Who], Text], ...] = (
        sustainability,
        _modern_slavery,
        _know_the_chain,
        _oecd,
    )
    return tuple(one(facts, who) for one in made)


def _modern_slavery(facts: Facts, who: Who) -> Text:
    shown = {
        "period": facts.period,
        "operator": who.operator,
        "sites": facts.open_fact(_M.SITES),
        "languages": facts.open_fact(_M.LANGUAGES),
        "cases": facts.count(_M.RECEIVED),
        "forced": facts.part(_M.RECEIVED, _D.TOPIC, Topic.FORCED.value),
        "children": facts.part(_M.RECEIVED, _D.TOPIC, Topic.CHILDREN.value),
    }
    return Text(
        "modern-slavery",
        _("Modern slavery statement"),
        _("The part about the grievance mechanism."),
        (
            (
                _(
                    "Workers at the factories covered can complain to a mechanism that is run by"
                    " %(operator)s, in a chat on their phone, by phone or in person, and without"
                    " giving a name (factories: %(sites)s; languages: %(languages)s)."
                )
                % shown,
                " ",
                Gap(
                    _(
                        "Since when, for which tiers and for which groups of workers, such as migrants?"
                    )
                ),
                " ",
                Gap(_("How do workers hear of it: where do posters hang, and in which languages?")),
            ),
            (
                _(
                    "In %(period)s it received %(cases)s cases. Cases whose first issue is forced"
                    " labour, recruitment or withheld documents: %(forced)s; child labour:"
                    " %(children)s. Other issues of a case are not counted here."
                )
                % shown,
                " ",
                Gap(
                    _(
                        "Which risks of forced labour did you find, and what was done with suppliers?"
                    )
                ),
            ),
            (Gap(_("Who approved and signed this statement, and when?")),),
        ),
        (
            line(facts, _M.RECEIVED),
            Line(
                figure_words.value_name(_D.TOPIC, Topic.FORCED.value),
                (shown["forced"],),
                _(
                    "Cases whose first issue is forced labour, recruitment fees and debt, or withheld"
                    " documents."
                ),
            ),
            Line(
                figure_words.value_name(_D.TOPIC, Topic.CHILDREN.value),
                (shown["children"],),
                _("Cases whose first issue is child labour."),
            ),
            line(facts, _M.REMEDIED),
            line(facts, _M.RETALIATION),
        ),
    )


def _know_the_chain(facts: Facts, _who: Who) -> Text:
    return Text(
        "know-the-chain",
        _("KnowTheChain"),
        _("Grievances filed, addressed and resolved, by kind, with use below tier one."),
        (
            (
                Gap(
                    _(
                        "How were workers or their representatives involved in the mechanism’s design?"
                    )
                ),
            ),
        ),
        (
            Line(
                _("Filed"),
                (facts.count(_M.RECEIVED),),
                figure_words.meaning(_M.RECEIVED),
            ),
            Line(_("Addressed"), (facts.count(_M.DECIDED),), figure_words.meaning(_M.DECIDED)),
            Line(
                _("Resolved"),
                (facts.part(_M.ANSWERED, _D.ANSWER, Answer.CONFIRMED.value),),
                _(
                    "How often workers confirmed that it is put right: of a case that was decided"
                    " anew, each answer counts. Who did not answer is not counted."
                ),
            ),
            # By topic, as in every text: categories are finer, and would tell parts of topics.
            listing(facts, _M.RECEIVED, _D.TOPIC, _("Filed, by kind")),
            listing(facts, _M.RECEIVED, _D.TIER, _("Filed, by tier")),
        ),
    )


def _oecd(facts: Facts, _who: Who) -> Text:
    return Text(
        "oecd",
        _("OECD due diligence guidance"),
        _("Kinds of complaints, how they ended, and what was learnt."),
        (
            (
                Gap(
                    _(
                        "Lessons: what do these cases say about your supply chain, and what did you change?"
                    )
                ),
            ),
            (Gap(_("How did you co-operate with other mechanisms, unions or authorities?")),),
        ),
        (
            listing(facts, _M.RECEIVED, _D.TOPIC, _("Kinds of complaints")),
            listing(facts, _M.DECIDED, _D.OUTCOME, _("Results")),
            Line(
                _("Founded"),
                (facts.part(_M.DECIDED, _D.OUTCOME, Outcome.FOUNDED.value),),
                _("Cases in which all that was complained about was found to be so."),
            ),
            line(facts, _M.REMEDIED),
            Line(
                figure_words.measure_name(_M.PAID),
                facts.money(_M.PAID, _M.PAID_PERSONS),
                figure_words.meaning(_M.PAID),
            ),
            line(facts, _M.RETALIATION),
        ),
    )
