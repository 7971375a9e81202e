"""Coming back to a case, done: its receipt, its opening elsewhere, its history, her judgement."""

from bot import history
from bot.doing import Doing, own_case, zone_of
from bot.turns import (
    CaseOpened,
    CaseRated,
    FoundLine,
    HistoryShown,
    MakeReceipt,
    OpenWithReceipt,
    RateCase,
    ReceiptMade,
    SaidLine,
    ShowHistory,
)
from casework import decisions, filing, lifecycle, places, receipts
from casework.actors import WORKER
from casework.db import Session
from casework.decisions import Told
from casework.errors import NotAllowed
from casework.messaging import beside, messages
from casework.models import Attachment, Case
from casework.standing import standing
from casework.vocabulary import Action, Direction


def make_receipt(doing: Doing, effect: MakeReceipt) -> ReceiptMade:
    case = own_case(doing, effect.reference, lock=True)
    return ReceiptMade(effect.reference, receipts.make(doing.session, case) if case else "")


def open_case(doing: Doing, effect: OpenWithReceipt) -> CaseOpened:
    opening = receipts.open_case(
        doing.session, doing.reporter, effect.reference, effect.secret, now=doing.now
    )
    return CaseOpened(effect.reference, opening)


def rate(doing: Doing, effect: RateCase) -> CaseRated:
    case = own_case(doing, effect.reference, lock=True)
    if case is None:
        return CaseRated(effect.reference, effect.treatment, ok=False)
    try:
        filing.rate(doing.session, case, effect.treatment, now=doing.now)
    except NotAllowed:  # an old button: the case is open again
        return CaseRated(effect.reference, effect.treatment, ok=False)
    open_now = lifecycle.moves(standing(case, WORKER), WORKER.role, doing.now)
    return CaseRated(effect.reference, effect.treatment, can_appeal=Action.APPEAL in open_now)


def show_history(doing: Doing, effect: ShowHistory) -> HistoryShown:
    case = own_case(doing, effect.reference)
    if case is None:
        return HistoryShown(effect.reference)
    pages = history.paged(_said(doing.session, case))
    page = effect.page if 0 <= effect.page < len(pages) else len(pages) - 1
    return HistoryShown(effect.reference, pages[page], page, len(pages))


def _said(session: Session, case: Case) -> list[SaidLine]:
    """All that she said and was told, oldest first, with the day where she works."""
    zone = zone_of(session, places.factory_of(session, case.factory_id))
    found, told = [], decisions.findings_by_message(decisions.of_case(session, case.id))
    versions = beside.of_case(session, case.id)
    for message in messages.of_case(session, case.id):
        if message.direction is not Direction.INTERNAL:
            file = session.get(Attachment, message.attachment_id) if message.attachment_id else None
            known = versions.get(message.id, [])
            found.append(
                SaidLine(
                    hers=message.direction is Direction.FROM_WORKER,
                    on=message.at.astimezone(zone).date(),
                    words=beside.for_worker(session, message, case.language, known).words,
                    kind=file.kind if file else None,
                    found=_found(told.get(message.id)),
                )
            )
    return found


def _found(told: Told | None) -> FoundLine | None:
    return FoundLine(told.category, told.kind, told.finding) if told else None
