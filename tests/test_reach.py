"""Brand staff, auditors and interpreters reach nobody's words by any link, page or file: all that
their sessions can reach is searched for every sentence of the sample data."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from sqlmodel import col, select

from casework.db import Session, Store
from casework.messaging import messages
from casework.models import Case, Message, Staff
from casework.vault import Unsealable
from casework.vocabulary import Role
from tests.crawler import crawl
from tests.lived import NOW, Lived
from tests.pages import let_in
from tests.webhelp import Browser, build

LONG_ENOUGH = 12
"""Characters of a sentence that stands nowhere by chance."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, lived: Lived) -> Iterator[Store]:
    with lived.copied(tmp_path_factory.mktemp("reach")) as store:
        with store.writing() as session:
            let_in(session, language="en")
        yield store


@dataclass(frozen=True)
class Marks:
    """What nobody but case handlers may read, as it stands in a page."""

    words: frozenset[str]
    references: frozenset[str]


@pytest.fixture(scope="module")
def marks(store: Store) -> Marks:
    return marks_of(store)


def marks_of(store: Store) -> Marks:
    """Every longer line that somebody wrote, and every case number."""
    with store.reading() as session:
        cases = list(session.exec(select(Case)))
        found = set(_words(session, cases))
    long = {text.strip() for text in found if len(text.strip()) >= LONG_ENOUGH}
    assert len(long) > 100, "the sample data says too little to search for"
    return Marks(frozenset(long), frozenset(case.reference for case in cases))


def _words(session: Session, cases: list[Case]) -> Iterator[str]:
    for message in session.exec(select(Message)):
        try:
            yield from messages.words(session, message).splitlines()
        except Unsealable:
            continue
    for case in cases:
        yield messages.summary(session, case)
        yield messages.factory_words(session, case)
        if case.identity_sealed:
            yield session.vault.open_text("case", "identity_sealed", case.id, case.identity_sealed)


def _seen(store: Store, role: Role) -> dict[str, str]:
    """All that everybody of a role can reach, by person and address."""
    found = {}
    with store.reading() as session:
        emails = session.exec(select(Staff.email).where(Staff.role == role)).all()
    assert emails, f"the sample data has no {role}"
    for email in emails:
        browser = Browser(build(store, lambda: NOW))
        browser.sign_in(email.partition("@")[0])
        for address, answer in crawl(browser, "/").items():
            found[f"{email}: {address}"] = unescape(answer.decode(errors="replace"))
    return found


@pytest.mark.parametrize("role", [Role.BRAND, Role.AUDITOR])
def test_whoever_works_on_no_case_reaches_no_word_of_one(
    store: Store, marks: Marks, role: Role
) -> None:
    leaks = [
        (where, mark)
        for where, answer in _seen(store, role).items()
        for mark in marks.words
        if mark in answer
    ]
    assert not leaks


@pytest.mark.parametrize("role", [Role.BRAND, Role.INTERPRETER])
def test_neither_brand_staff_nor_interpreters_learn_that_a_case_exists(
    store: Store, marks: Marks, role: Role
) -> None:
    leaks = [
        (where, reference)
        for where, answer in _seen(store, role).items()
        for reference in marks.references
        if reference in answer
    ]
    assert not leaks


def test_the_same_search_finds_the_words_where_they_may_be_read(store: Store, marks: Marks) -> None:
    with store.reading() as session:
        case = session.exec(select(Case).where(col(Case.restricted).is_(False))).first()
        admin = session.exec(select(Staff).where(Staff.role == Role.ADMIN)).one()
    assert case
    browser = Browser(build(store, lambda: NOW))
    browser.sign_in(admin.email.partition("@")[0])
    page = browser.get(f"/cases/{case.reference}").get_data(as_text=True)
    assert any(mark in page for mark in marks.words)
    assert case.reference in page
