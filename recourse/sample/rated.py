"""A rating of the sample data: one brand attests most of it, the mechanism was reviewed, somebody gave
a category."""

from datetime import datetime, timedelta

from casework.actors import Actor, staff_actor
from casework.db import Session
from casework.figures.periods import Period
from casework.media.files import Clean
from casework.models import Brand, ReviewAction, Staff
from casework.ratings import (
    attesting,
    judging,
    methodology,
    rated,
    review_rows,
    review_source,
    reviewing,
)
from casework.ratings.attesting import Statement
from casework.vocabulary import MediaKind, RequestsAnswered, Scope, Stakeholder
from recourse.sample.people_and_places import Rows

_BRAND = "BRINDLE"
_SITE = "https://brindlefoot.example/responsibility"
_SUPPLY_CHAIN = (
    ("Q1", 4, "policy", "Page 3: the board answers for it."),
    ("Q2", 4, "policy", "Page 4, the definition, with the costs it is made of."),
    ("Q3", 3, "partners", ""),
    ("Q4", 2, "human-rights-report", "Page 21."),
    ("Q5", 2, "code-of-conduct", "Section 5."),
    ("Q6", 1, "partners", "An initiative gives the indicators; nothing says how they are used."),
    ("S2b", None, "mechanism-mandate", "Section 2: the operator decides alone."),
    ("E1", None, "factory-list", ""),
    ("E2.1", None, "wages", ""),
    ("E2.3", None, "wages", ""),
    ("E4", None, "purchasing", ""),
    ("E8", None, "board", ""),
)
_OWN = (("Q1", 4, "policy", ""), ("Q2", 4, "policy", ""), ("E8", None, "board", ""))
_ACTIONS = (
    ("Answer calls in the evening, too: most complaints come after the shift", "Mai Quỳnh", -20),
    ("Ask the union to go through the questions of the bot with ten workers", "Ravi Menonkar", 45),
)
_LEARNED = (
    "Complaints about wages come again and again in the week after payday, and mostly from those who"
    " do not understand the pay slip. Workers say that they trust the answer more when somebody calls."
    " Two unions want to hear sooner what becomes of what they bring."
)


def add(session: Session, rows: Rows, now: datetime) -> None:
    """Write it down, as if it had been done over the last months."""
    brand = session.get_one(Brand, rows.brands[_BRAND].id)
    owner = staff_actor(session.get_one(Staff, rows.staff["brindle"].id))
    leader = staff_actor(session.get_one(Staff, rows.staff["ravi"].id))
    _attest(session, brand, owner, now - timedelta(days=60))
    _review(session, leader, now - timedelta(days=75), now)
    _judge(session, brand, leader, now)


def _attest(session: Session, brand: Brand, by: Actor, at: datetime) -> None:
    asn = methodology.load("asn-living-wage")
    for scope, stated in ((Scope.SUPPLY_CHAIN, _SUPPLY_CHAIN), (Scope.OWN, _OWN)):
        for about, score, name, why in stated:
            topic = attesting.topic(asn, about)
            assert topic is not None
            at += timedelta(minutes=4)
            text = f"Sample document “{name}” of {brand.name}. It is invented.\n"
            file = Clean(text.encode(), "text/plain", ".txt", MediaKind.DOCUMENT, inline=False)
            said = Statement(
                f"{_SITE}/{name}",
                (at - timedelta(days=90)).date(),
                attesting.latest_expiry(at.date()),
                file,
                score,
                why,
            )
            attesting.attest(session, brand, scope, asn, topic, said, by=by, now=at)
    attesting.answer_requests(
        session,
        brand,
        Scope.SUPPLY_CHAIN,
        at.year,
        RequestsAnswered.SOME,
        "Three of five; two were told to wait for the report.",
        by=by,
        now=at,
    )


def _review(session: Session, by: Actor, at: datetime, now: datetime) -> None:
    period = Period.year(at.year - 1)
    taken = review_source.take(session, None, None, period, by=by, now=at)
    review = reviewing.begin(session, None, None, period, taken, by=by, now=at)
    words = {"participants": "Ravi Menonkar, Ingrid Solvik, Mai Quỳnh", "learned": _LEARNED}
    heard = (Stakeholder.WORKERS, Stakeholder.UNION)
    at += timedelta(minutes=50)
    reviewing.write(session, review, words, heard, by=by, now=at)
    for what, who, days in _ACTIONS:
        due_on = max((now + timedelta(days=days)).date(), at.date())
        form = {"what": what, "who": who, "due_on": due_on.isoformat()}
        made = reviewing.add_action(session, review, form, by=by, now=at, today=at.date())
        assert isinstance(made, ReviewAction)
    reviewing.sign(session, review, by=by, now=at + timedelta(minutes=5))
    assert review_rows.is_whole(session, review)


def _judge(session: Session, brand: Brand, by: Actor, now: datetime) -> None:
    asn, scope = methodology.load("asn-living-wage"), Scope.SUPPLY_CHAIN
    at = now - timedelta(days=20)
    known = rated.rate(session, brand, scope, at.year, asn, now=at)
    why = (
        "The policy is good and the board stands behind it. What is missing is what it changes: prices"
        " do not carry a living wage yet, and nothing is published about what was learned."
    )
    judging.judge(
        session,
        brand,
        scope,
        at.year,
        asn,
        "developing",
        why,
        known.result.weighted,
        by=by,
        now=at,
    )
