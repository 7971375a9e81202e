"""Everything of the closed lists has a name that staff can read."""

from enum import StrEnum

import pytest

from casework import cases, lifecycle, vocabulary
from casework.categories import CATEGORIES
from casework.media.files import Refusal
from casework.office.today import Why
from casework.ratings.proofs import Lack
from casework.ratings.rating import Basis, State
from casework.searching.queue import Sort
from casework.vocabulary import Action, MediaKind, Notice, Role, Severity, Status
from webadmin import acts, happenings, labels

LISTS: tuple[type[StrEnum], ...] = (
    Status,
    Severity,
    vocabulary.Category,
    Role,
    vocabulary.Promise,
    vocabulary.StaffAct,
    vocabulary.Scope,
    vocabulary.Channel,
    vocabulary.Relation,
    vocabulary.Contact,
    vocabulary.Danger,
    vocabulary.Since,
    vocabulary.HowMany,
    vocabulary.LinkKind,
    vocabulary.CheckInCause,
    vocabulary.MessageKind,
    vocabulary.RedactionReason,
    vocabulary.Flaw,
    vocabulary.VersionBy,
    vocabulary.Situation,
    vocabulary.Hole,
    vocabulary.RatingAct,
    vocabulary.RequestsAnswered,
    vocabulary.Stakeholder,
    State,
    Basis,
    Lack,
    MediaKind,
    Notice,
    Refusal,
    Why,
    Sort,
)


@pytest.mark.parametrize("entries", LISTS)
def test_every_entry_has_a_name(entries: type[StrEnum]) -> None:
    for entry in entries:
        assert labels.label(entry), entry


def test_two_lists_that_share_a_value_keep_their_own_names() -> None:
    assert labels.label(Status.ACKNOWLEDGED) != labels.label(Notice.ACKNOWLEDGED)


def test_every_entry_is_named_once() -> None:
    named = [value for value, _label in labels._NAMED]
    assert len(labels._LABELS) == len(named)


def test_every_kind_has_a_name() -> None:
    for category, facts in CATEGORIES.items():
        for kind in facts.kinds:
            assert labels.kind(category, kind), (category, kind)


def test_every_step_of_staff_is_explained_and_answered() -> None:
    beside = {Action.ASK, Action.REPLY, Action.NOTE}
    assert set(acts.STEPS) == set(cases.EFFECTS) - beside
    assert set(lifecycle.NEXT.values()) <= set(acts.STEPS)
    assert set(acts.DONE) == {*cases.EFFECTS, Action.TRIAGE, Action.ASSIGN}
    for action, step in acts.STEPS.items():
        assert bool(step.text) == (cases.EFFECTS[action].message is not None), action


def test_every_action_is_told_in_a_sentence() -> None:
    assert set(happenings.SENTENCES) == set(Action)


def test_severity_and_status_have_a_sign_besides_their_colour() -> None:
    for entries in (Status, Severity):
        icons = [labels.icon(entry) for entry in entries]
        assert all(icons)
        assert len(set(icons)) == len(icons)
