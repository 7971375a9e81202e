"""Coming back to a case, done: its receipt, its opening elsewhere, its history, her judgement."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot import history
from bot.turns import (
    CaseOpened,
    CaseRated,
    HistoryShown,
    MakeReceipt,
    OpenWithReceipt,
    RateCase,
    ReceiptMade,
    SaidLine,
    ShowHistory,
)
from casework import cases, filing, lifecycle, messages, places, receipts
from casework.actors import WORKER
from casework.db import Session
from casework.errors import NotAllowed
from casework.models import Attachment, Case, Reporter
from casework.vocabulary import Action, Direction


def make_receipt(session: Session, reporter: Reporter, effect: MakeReceipt) -> ReceiptMade:
    case = _own(session, reporter, effect.reference, lock=True)
    return ReceiptMade(effect.reference, receipts.make(session, case) if case else "")


def open_case(
    session: Session, reporter: Reporter, effect: OpenWithReceipt, now: datetime
) -> CaseOpened:
    opening = receipts.open_case(session, reporter, effect.reference, effect.secret, now=now)
    return CaseOpened(effect.reference, opening)


def rate(session: Session, reporter: Reporter, effect: RateCase, now: datetime) -> CaseRated:
    case = _own(session, reporter, effect.reference, lock=True)
    if case is None:
        return CaseRated(effect.reference, effect.treatment, ok=False)
    try:
        filing.rate(session, case, effect.treatment, now=now)
    except NotAllowed:  # an old button: the case is open again
        return CaseRated(effect.reference, effect.treatment, ok=False)
    open_now = lifecycle.moves(cases.standing(case, WORKER), WORKER.role, now)
    return CaseRated(effect.reference, effect.treatment, can_appeal=Action.APPEAL in open_now)


def show_history(session: Session, reporter: Reporter, effect: ShowHistory) -> HistoryShown:
    case = _own(session, reporter, effect.reference)
    if case is None:
        return HistoryShown(effect.reference)
    pages = history.paged(_said(session, case))
    page = effect.page if 0 <= effect.page < len(pages) else len(pages) - 1
    return HistoryShown(effect.reference, pages[page], page, len(pages))


def _said(session: Session, case: Case) -> list[SaidLine]:
    """All that she said and was told, oldest first, with the day where she works."""
    zone = places.calendar_for(session, None).zone
    if factory := places.factory_of(session, case.factory_id):
        zone = ZoneInfo(factory.zone)
    found = []
    for message in messages.of_case(session, case.id):
        if message.direction is not Direction.INTERNAL:
            file = session.get(Attachment, message.attachment_id) if message.attachment_id else None
            found.append(
                SaidLine(
                    hers=message.direction is Direction.FROM_WORKER,
                    on=message.at.astimezone(zone).date(),
                    words=messages.words(session, message),
                    kind=file.kind if file else None,
                )
            )
    return found


def _own(
    session: Session, reporter: Reporter, reference: str, *, lock: bool = False
) -> Case | None:
    case = cases.by_reference(session, reference, lock=lock)
    return case if case and case.reporter_id == reporter.id else None
