"""A plan of remedy: its actions, who may verify them, and what can be proved of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import cases
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.models import Case, Party, RemedyAction, RemedyEntry, SearchWord
from casework.places import fold
from casework.remedy import remedies, remedy_rules, verifying
from casework.remedy.money import Balance
from casework.remedy.remedy_rules import standing_of
from casework.remedy.verifying import Finding
from casework.searching import searchwords
from casework.vocabulary import (
    Action,
    PartyKind,
    RemedyKind,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    VerifiedBy,
)
from tests.desk import Desk
from tests.plan import plan

# What is open in each state, and where it leads.
STEPS = {
    "open": "changed:open answered:open claimed:claimed refused:refused dropped:dropped"
    " verified:verified",
    "claimed": "answered:claimed verified:verified not-done:open dropped:dropped",
    "verified": "looked-again:verified reopened:open",
    "refused": "answered:refused reopened:open dropped:dropped",
    "dropped": "reopened:open",
}


@pytest.mark.parametrize("state", list(RemedyState))
def test_exactly_what_is_written_here_is_open(state: RemedyState) -> None:
    expected = dict(entry.split(":") for entry in STEPS[state.value].split())
    assert {step.value for step in remedy_rules.steps(state)} == set(expected)
    for step in RemedyStep:
        if step.value in expected:
            assert remedy_rules.after(state, step).value == expected[step.value]
        else:
            with pytest.raises(NotAllowed):
                remedy_rules.after(state, step)


@pytest.fixture
def reference(desk: Desk, now: datetime) -> str:
    found = desk.file(now, "No pay for two months")
    desk.triage(found, now)
    desk.walk(found, now, Action.ACKNOWLEDGE, Action.INVESTIGATE)
    return found


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with desk.store.writing() as session:
        yield session


@pytest.fixture
def case(session: Session, reference: str) -> Case:
    found = cases.by_reference(session, reference, lock=True)
    assert found is not None
    return found


@pytest.fixture
def action(session: Session, case: Case, desk: Desk, now: datetime) -> RemedyAction:
    return plan(session, case, by=desk.cast.actor("asha"), now=now)


def accuse(session: Session, case: Case, now: datetime, **more: object) -> None:
    row = new_id(now)
    name = session.vault.seal_text("party", "name_sealed", row, str(more.pop("name", "Mr Ho")))
    facts = {"case_id": case.id, "kind": PartyKind.RESPONDENT, "added_at": now, **more}
    session.add(Party(id=row, name_sealed=name, **facts))  # type: ignore[arg-type]
    session.flush()


def found(now: datetime, **more: object) -> Finding:
    facts: dict[str, object] = {
        "done": True,
        "how": VerifiedBy.VISIT,
        "on": now.date(),
        "words": "We saw it",
        **more,
    }
    return Finding(**facts)  # type: ignore[arg-type]


def test_what_is_planned_is_sealed_findable_and_in_the_chain(
    session: Session, case: Case, desk: Desk, now: datetime
) -> None:
    by = desk.cast.actor("asha")
    what = "Pay the zebra bonus"
    action = plan(session, case, by=by, now=now, what=what, proof="Slips", issues=("WAG:unpaid",))
    assert remedies.words(session, action, "what") == what
    assert b"zebra" not in action.what_sealed
    event = events.history(session, case.id)[-1]
    assert (event.action, event.data["step"]) == (Action.PLAN_REMEDY, "added")
    assert event.data["issues"] == ["WAG:unpaid"]
    assert "zebra" not in str(event.data)
    word = session.get(SearchWord, (searchwords.key(session.vault, "zebra"), case.id))
    assert word is not None
    assert events.first_broken(case, events.history(session, case.id)) is None


def test_a_changed_summary_leaves_the_words_of_the_plan_findable(
    session: Session, case: Case, desk: Desk, now: datetime
) -> None:
    from casework.messaging import messages

    messages.seal_summary(session, case, "About the zebra")
    plan(session, case, by=desk.cast.actor("asha"), now=now, what="Pay the zebra bonus")
    messages.seal_summary(session, case, "Nothing")
    assert session.get(SearchWord, (searchwords.key(session.vault, "zebra"), case.id))


@pytest.mark.parametrize("kind", list(RemedyKind))
def test_ending_the_business_is_no_kind_of_remedy(kind: RemedyKind) -> None:
    assert not {"terminate", "end", "business"} & set(kind.value.split("-"))


def test_nobody_verifies_what_they_did_or_said_was_done(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    asha, boris = desk.cast.actor("asha"), desk.cast.actor("boris")
    remedies.take(session, case, action, RemedyStep.CLAIMED, "", by=asha, now=now)
    with pytest.raises(NotAllowed, match="own work"):
        verifying.verify(session, case, action, found(now), by=asha, now=now)
    verifying.verify(session, case, action, found(now), by=boris, now=now)
    assert action.state is RemedyState.VERIFIED
    own = plan(
        session,
        case,
        by=asha,
        now=now,
        owner=RemedyOwner.OFFICE,
        staff_id=desk.cast.boris.id,
    )
    with pytest.raises(NotAllowed, match="own work"):
        verifying.verify(session, case, own, found(now), by=boris, now=now)


def test_who_is_accused_never_verifies(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    boris = desk.cast.actor("boris")
    accuse(session, case, now, staff_id=desk.cast.boris.id)
    with pytest.raises(NotAllowed, match="accused"):
        verifying.verify(session, case, action, found(now), by=boris, now=now)
    verifying.verify(session, case, action, found(now), by=desk.cast.actor("asha"), now=now)


def test_nor_does_anybody_of_an_organisation_that_is(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    index = session.vault.index("organisation", fold("Workers' Desk"))
    accuse(session, case, now, organisation_index=index, name="The office")
    for name in ("asha", "boris", "chen"):
        with pytest.raises(NotAllowed, match="accused"):
            verifying.verify(session, case, action, found(now), by=desk.cast.actor(name), now=now)
    asha = desk.cast.actor("asha")
    for outsider in (
        found(now, verifier="Ms Noi", organisation="WORKERS DESK, Co. Ltd"),
        found(now, verifier="the OFFICE", organisation="Garment Union"),
    ):
        with pytest.raises(NotAllowed, match="accused"):
            verifying.verify(session, case, action, outsider, by=asha, now=now)
    union = found(now, verifier="Ms Noi", organisation="Garment Union")
    entry = verifying.verify(session, case, action, union, by=asha, now=now)
    assert remedies.said(session, entry, "verifier") == "Ms Noi, Garment Union"


def test_a_party_that_was_removed_or_only_saw_it_keeps_nobody_out(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    accuse(session, case, now, staff_id=desk.cast.boris.id, removed_at=now)
    verifying.verify(session, case, action, found(now), by=desk.cast.actor("boris"), now=now)


def test_whose_work_it_was_does_not_verify_it_as_an_outsider_either(
    session: Session, case: Case, desk: Desk, now: datetime
) -> None:
    asha = desk.cast.actor("asha")
    theirs = plan(
        session, case, by=asha, now=now, owner=RemedyOwner.OTHER, organisation="Lotus Agency"
    )
    with pytest.raises(NotAllowed, match="own work"):
        verifying.verify(
            session, case, theirs, found(now, organisation="lotus agency"), by=asha, now=now
        )


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"how": None}, "how it was checked"),
        ({"words": " "}, "what you saw"),
        ({"days": 2}, "still to come"),
        ({"again": 0}, "later day"),
        ({"verifier": "Ms Noi"}, "which organisation"),
    ],
)
def test_a_verification_says_how_when_and_what(
    session: Session,
    case: Case,
    action: RemedyAction,
    desk: Desk,
    now: datetime,
    more: dict[str, object],
    why: str,
) -> None:
    facts = dict(more)
    if "days" in facts:
        facts["on"] = (now + timedelta(days=int(str(facts.pop("days"))))).date()
    if "again" in facts:
        facts["look_again_on"] = (now + timedelta(days=int(str(facts.pop("again"))))).date()
    with pytest.raises(BadInput, match=why):
        verifying.verify(
            session, case, action, found(now, **facts), by=desk.cast.actor("boris"), now=now
        )
    assert action.state is RemedyState.OPEN


def test_what_is_looked_at_again_comes_up_on_its_day_and_in_the_right_hands(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    boris, dilani = desk.cast.actor("boris"), desk.cast.actor("dilani")
    again = (now + timedelta(days=90)).date()
    verifying.verify(session, case, action, found(now, look_again_on=again), by=boris, now=now)
    case.assignee_id = desk.cast.asha.id
    session.flush()
    asha = desk.cast.actor("asha")
    assert verifying.waiting(session, asha, again - timedelta(days=1)) == []
    assert [one.action.id for one in verifying.waiting(session, asha, again)] == [action.id]
    assert [one.action.id for one in verifying.waiting(session, boris, again)] == [action.id]
    assert verifying.waiting(session, dilani, again) == []
    case.restricted = True
    session.flush()
    assert verifying.waiting(session, boris, again) == []
    case.restricted = False
    verifying.look_again(
        session, case, action, "Not so", still_so=False, again_on=None, by=boris, now=now
    )
    assert (action.state, action.look_again_on) == (RemedyState.OPEN, None)


def test_a_day_is_suggested_from_the_promise(
    session: Session, case: Case, desk: Desk, now: datetime
) -> None:
    day = remedies.suggested_day(session, case, now)
    assert timedelta(days=55) < day - now.date() < timedelta(days=70)  # serious: 60 days
    plan(session, case, by=desk.cast.actor("asha"), now=now)
    by = desk.cast.actor("asha")
    cases.advance(session, case, Action.PROPOSE_REMEDY, by=by, now=now, text="They pay.")
    assert remedies.suggested_day(session, case, now) == day


def test_a_remedy_goes_on_after_closing_and_not_after_a_withdrawal(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.ACKNOWLEDGE)
    desk.answer(reference, Action.WITHDRAW, now)
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        with pytest.raises(NotAllowed):
            plan(session, case, by=desk.cast.actor("asha"), now=now)


# --- what can be proved ---------------------------------------------------------------------------


def _facts(
    case: Case, actions: list[RemedyAction], now: datetime
) -> tuple[Case, list[RemedyAction], list[RemedyEntry]]:
    entries = [
        RemedyEntry(
            id=new_id(now),
            action_id=action.id,
            at=now,
            step=RemedyStep.VERIFIED,
            staff_id=7,
            organisation_index=b"o" * 16,
        )
        for action in actions
    ]
    return case, actions, entries


def test_a_remedy_is_effective_only_when_all_of_it_is_proved(
    case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    action.state, case.asked_at = RemedyState.VERIFIED, now
    facts = _facts(case, [action], now)
    paid = [Balance(1, "USD", 100, 100), Balance(1, "VND", 5, 9)]
    assert standing_of(*facts, paid).effective
    assert not standing_of(case, [], [], []).planned
    assert not standing_of(case, [], [], []).effective
    assert not standing_of(*facts, [*paid, Balance(2, "USD", 1, 0)]).delivered
    assert not standing_of(*facts, paid, respondents=frozenset({7})).verified
    assert not standing_of(*facts, paid, organisations=frozenset({b"o" * 16})).verified
    assert not standing_of(case, [action], [], paid).verified
    case.asked_at = None
    assert not standing_of(*facts, paid).asked
    assert not standing_of(*facts, paid).effective
    case.previous_assignee_id = desk.cast.asha.id
    assert standing_of(*facts, paid).disputed


@given(st.lists(st.sampled_from(RemedyState), max_size=5))
def test_it_is_delivered_when_every_action_that_was_kept_is_verified(
    states: list[RemedyState],
) -> None:
    case = Case.model_construct(asked_at=None, previous_assignee_id=None, status=None)
    actions = [RemedyAction.model_construct(id=n, state=state) for n, state in enumerate(states)]
    standing = standing_of(case, actions, [], [])
    kept = [state for state in states if state is not RemedyState.DROPPED]
    assert standing.planned is bool(kept)
    assert standing.delivered is (bool(kept) and set(kept) == {RemedyState.VERIFIED})
    assert not standing.verified


def test_the_standing_of_a_case_comes_out_of_its_rows(
    session: Session, case: Case, action: RemedyAction, desk: Desk, now: datetime
) -> None:
    boris = desk.cast.actor("boris")
    assert not verifying.standing_in(session, case).done
    verifying.verify(session, case, action, found(now), by=boris, now=now)
    standing = verifying.standing_in(session, case)
    assert (standing.delivered, standing.verified, standing.asked) == (True, True, False)
    accuse(session, case, now, staff_id=desk.cast.boris.id)
    assert not verifying.standing_in(session, case).verified
