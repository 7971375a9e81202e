"""What people state for a brand: the rung of a question, a sentence, an element that is public; each
with the address, the date and an archived copy of the document where it can be read.

What the tracker proves is ``casework.ratings.mechanism``; how both come to a score is ``casework.ratings.rating``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.errors import NotAllowed, Remark
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.media import attachments
from casework.media.files import Clean, inspect
from casework.models import Attachment, AttestedStatement, Brand, InformationRequests, Staff
from casework.ratings import rating_log
from casework.ratings.methodology import Kind, Methodology, Question, Rung
from casework.ratings.rating import Attestation
from casework.vocabulary import MediaKind, RatingAct, RequestsAnswered, Role, Scope

MONTHS = 24
"""After so many months at the latest somebody looks at the document again. Our default."""
WHY_AT_MOST = 1_000
ADDRESS_AT_MOST = 500

Problems = dict[str, Remark]
"""What is wrong with which field of a form."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be attested."""

    about: str
    """``Q1``, ``S2b``, ``E4``, ``E2.1``."""
    question: Question
    text: str
    hint: str = ""
    """Which document it takes."""
    rungs: tuple[Rung, ...] = ()
    """Of a question that people answer: what there is to choose from, best first."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement with who made it and its archived file."""

    row: AttestedStatement
    person: Staff
    file: Attachment


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody typed, checked."""

    address: str
    stated_on: date
    expires_on: date
    file: Clean
    score: int | None = None
    why: str = ""


def may_attest(actor: Actor, brand_id: int) -> bool:
    """Who leads attests for every brand, the staff of a brand for their own."""
    return actor.role in LEADING or (actor.role is Role.BRAND and actor.brand_id == brand_id)


def topics(by: Methodology) -> tuple[Topic, ...]:
    """All that can be attested, in the order of the questions. An element in parts is attested part
    by part."""
    return tuple(topic for question in by.questions for topic in _topics(question))


def topic(by: Methodology, about: str) -> Topic | None:
    """One of them by its name."""
    return next((one for one in topics(by) if one.about == about), None)


def _topics(question: Question) -> Iterator[Topic]:
    match question.kind:
        case Kind.ATTESTED:
            about = f"Q{question.number}"
            yield Topic(about, question, question.title, rungs=question.rungs)
        case Kind.LADDER:
            for sentence in question.sentences:
                if sentence.attest:
                    yield Topic(sentence.id, question, sentence.text, sentence.attest)
        case Kind.ELEMENTS:
            for element in question.elements:
                if not element.parts:
                    yield Topic(element.id, question, element.text)
                for number, part in enumerate(element.parts, 1):
                    yield Topic(f"{element.id}.{number}", question, part, element.text)


def latest_expiry(today: date) -> date:
    """The last day that what is attested today may count."""
    year, month = divmod(today.year * 12 + today.month - 1 + MONTHS, 12)
    for day in (today.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError  # every month has a 28th


def check(
    about: Topic, form: Mapping[str, str], file: bytes | None, today: date
) -> Statement | Problems:
    """Read what was typed. ``today`` is that of whoever typed it."""
    wrong: Problems = {}
    address = form.get("address", "").strip()
    if not _is_address(address):
        wrong["address"] = Remark(
            "Write the public address of the document; it begins with https://."
        )
    stated_on = _day(form.get("stated_on", ""))
    if stated_on is None:
        wrong["stated_on"] = Remark("Choose the date of the document.")
    elif stated_on > today:
        wrong["stated_on"] = Remark("A document of the future proves nothing yet. Choose its date.")
    latest = latest_expiry(today)
    expires_on = _day(form["expires_on"]) if form.get("expires_on") else latest
    if expires_on is None or not today <= expires_on <= latest:
        wrong["expires_on"] = Remark(
            "Choose a day between today and %(day)s: by then somebody looks at it again.",
            day=latest,
        )
    why = form.get("why", "").strip()
    if len(why) > WHY_AT_MOST:
        wrong["why"] = Remark("Write at most %(n)s characters.", n=WHY_AT_MOST)
    score = None
    if about.rungs:
        chosen = {str(rung.score): rung.score for rung in about.rungs}
        score = chosen.get(form.get("score", ""))
        if score is None:
            wrong["score"] = Remark("Choose the sentence that describes it best.")
    looked = inspect(file, MediaKind.DOCUMENT) if file else None
    if not isinstance(looked, Clean):
        wrong["file"] = Remark(
            "Choose the archived copy: a PDF, a picture, a text, a Word or an Excel document of at"
            " most 20 MB. A web page can be printed into a PDF."
        )
    if wrong:
        return wrong
    assert stated_on is not None
    assert expires_on is not None
    assert isinstance(looked, Clean)
    return Statement(address, stated_on, expires_on, looked, score, why)


def attest(
    session: Session,
    brand: Brand,
    scope: Scope,
    by_methodology: Methodology,
    about: Topic,
    said: Statement,
    *,
    by: Actor,
    now: datetime,
) -> AttestedStatement:
    """Keep a statement with its document. The hash is that of the copy as it is kept."""
    if not may_attest(by, brand.id) or by.staff_id is None:
        raise NotAllowed("You attest for your own brand only.")
    file = Attachment(id=new_id(now), kind=said.file.kind, created_at=now)
    session.add(file)
    session.flush()
    attachments.store(session, file, said.file.data, said.file.mime, now)
    row = AttestedStatement(
        id=new_id(now),
        brand_id=brand.id,
        scope=scope,
        methodology=by_methodology.id,
        about=about.about,
        score=said.score,
        address=said.address,
        stated_on=said.stated_on,
        expires_on=said.expires_on,
        why=said.why,
        attachment_id=file.id,
        sha256=hashlib.sha256(said.file.data).digest(),
        at=now,
        staff_id=by.staff_id,
    )
    session.add(row)
    data = {
        "statement": row.id,
        "about": row.about,
        "scope": scope.value,
        "sha256": row.sha256.hex(),
    }
    rating_log.note(session, RatingAct.ATTESTED, by=by, now=now, brand_id=brand.id, data=data)
    session.flush()
    return row


def withdraw(session: Session, row: AttestedStatement, *, by: Actor, now: datetime) -> None:
    """Take a statement back: it stays in the list and counts for no year any more."""
    if not may_attest(by, row.brand_id):
        raise NotAllowed("You attest for your own brand only.")
    if row.withdrawn_at is not None:
        raise NotAllowed("This was withdrawn already.")
    row.withdrawn_at, row.withdrawn_by = now, by.staff_id
    data = {"statement": row.id, "about": row.about, "scope": row.scope.value}
    rating_log.note(session, RatingAct.WITHDRAWN, by=by, now=now, brand_id=row.brand_id, data=data)
    session.flush()


def statements(
    session: Session, brand_id: int, scope: Scope, methodology: str, about: str | None = None
) -> list[Stated]:
    """What was stated for a brand in one scope, newest first, with what was withdrawn."""
    wanted = (
        select(AttestedStatement, Staff, Attachment)
        .join(Staff, col(Staff.id) == AttestedStatement.staff_id)
        .join(Attachment, col(Attachment.id) == AttestedStatement.attachment_id)
        .where(
            AttestedStatement.brand_id == brand_id,
            AttestedStatement.scope == scope,
            AttestedStatement.methodology == methodology,
        )
        .order_by(col(AttestedStatement.id).desc())
    )
    if about is not None:
        wanted = wanted.where(AttestedStatement.about == about)
    return [Stated(*row) for row in session.exec(wanted)]


def known(
    session: Session, brand_id: int, scope: Scope, by: Methodology, on: date
) -> tuple[list[Attestation], dict[int, Attestation]]:
    """What counts on a day, as ``rating.Known`` takes it: sentences and elements, and the answers to
    questions by their number. Of each the newest."""
    attested: dict[str, Attestation] = {}
    for one in statements(session, brand_id, scope, by.id):
        said = as_value(one.row)
        if one.row.withdrawn_at is None and said.holds(on):
            attested.setdefault(said.about, said)
    numbers = {f"Q{question.number}": question.number for question in by.questions}
    answers = {numbers[name]: said for name, said in attested.items() if name in numbers}
    return [said for name, said in attested.items() if name not in numbers], answers


def as_value(row: AttestedStatement) -> Attestation:
    """A row as the value that a rating is worked out of."""
    return Attestation(
        row.about, row.address, row.stated_on, row.expires_on, score=row.score, why=row.why
    )


def answer_requests(
    session: Session,
    brand: Brand,
    scope: Scope,
    year: int,
    answered: RequestsAnswered,
    why: str,
    *,
    by: Actor,
    now: datetime,
) -> InformationRequests:
    """Note how a brand answered those who asked it for information in a year."""
    if not may_attest(by, brand.id) or by.staff_id is None:
        raise NotAllowed("You attest for your own brand only.")
    row = InformationRequests(
        id=new_id(now),
        brand_id=brand.id,
        scope=scope,
        year=year,
        answered=answered,
        why=why.strip()[:WHY_AT_MOST],
        at=now,
        staff_id=by.staff_id,
    )
    session.add(row)
    data = {"scope": scope.value, "year": year, "answered": answered.value}
    rating_log.note(session, RatingAct.REQUESTS, by=by, now=now, brand_id=brand.id, data=data)
    session.flush()
    return row


def requests(
    session: Session, brand_id: int, scope: Scope, year: int
) -> Sequence[tuple[InformationRequests, Staff]]:
    """What was noted about the requests of a year, newest first: the first one counts."""
    wanted = (
        select(InformationRequests, Staff)
        .join(Staff, col(Staff.id) == InformationRequests.staff_id)
        .where(
            InformationRequests.brand_id == brand_id,
            InformationRequests.scope == scope,
            InformationRequests.year == year,
        )
    )
    return session.exec(wanted.order_by(col(InformationRequests.id).desc())).all()


def requests_answered(session: Session, brand_id: int, scope: Scope, year: int) -> str | None:
    """As ``rating.Known`` takes it: ``None`` where nobody asked, or nobody noted anything."""
    noted = requests(session, brand_id, scope, year)
    if not noted or noted[0][0].answered is RequestsAnswered.NOBODY_ASKED:
        return None
    return noted[0][0].answered.value


def _is_address(text: str) -> bool:
    if len(text) > ADDRESS_AT_MOST or any(char.isspace() or char in '<>"' for char in text):
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme == "https"
            and "." in (parts.hostname or "").strip(".")
            and parts.username is None
            and parts.port in (None, 443)
        )
    except ValueError:
        return False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
