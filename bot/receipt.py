"""A case on another phone: the receipt, and the two numbers on it that open the case there."""

from collections.abc import Callable
from dataclasses import replace

from bot.casepage import case_button, to_case
from bot.pausing import INTAKE, leave
from bot.questions import Answer, Page, Question, Room, Then, Verb, in_rows
from bot.turns import CaseOpened, Chat, MakeReceipt, Msg, OpenWithReceipt, Part, ReceiptMade
from bot.wording import msg, paragraphs
from casework.numbers import numbers_in, parse_secret
from casework.vocabulary import Opening
from translations import N_

_EXAMPLE = "RC-7K3M-9Q2T"
_A_STORY = 25
"""Characters; what is longer is no number with a slip in it."""

_RECEIPT = N_(
    "Case number: %(reference)s\n"
    "Secret number: %(secret)s\n\n"
    "With these two numbers you can open this case on another phone. Write them on paper, and keep"
    " the paper away from this phone. Do not show them to others. An older receipt does not work"
    " any more."
)
_SHOWN_ONCE = N_(
    "The secret number for case %(reference)s is shown only once. You can make a new receipt. Then"
    " the old one does not work any more."
)
_NO_RECEIPT = msg(N_("I cannot make a receipt for this case here."))
_TYPE_NUMBER = msg(
    N_("Please type your case number. It looks like this: %(example)s"), example=_EXAMPLE
)
_NO_NUMBER = msg(
    N_("This is no case number, or one sign in it is wrong. Please compare each letter and digit.")
)
_TYPE_SECRET = msg(N_("Now please type the secret number of your receipt. It has 8 digits."))
_NO_SECRET = msg(N_("This is no secret number. It has 8 digits, and nothing else."))
_ONLY_TYPED = msg(
    N_(
        "I kept what you sent. But I cannot read or hear a number in it. Please type the number"
        " with the keys of your phone."
    )
)
_WRONG = msg(
    N_(
        "I cannot open a case with these two numbers. Please compare both with your receipt. If"
        " both are right, please try again tomorrow."
    )
)
_WAIT = msg(
    N_("That was wrong too many times. Please wait until tomorrow. Then you can try again.")
)
_OPENED = msg(
    N_(
        "Your case is shown here now, and not on the other phone any more. Your receipt is used up:"
        " you can make a new one."
    )
)


# --- the receipt -----------------------------------------------------------------------------


def make(chat: Chat, reference: str) -> Then:
    """She asked for it: never shown unasked, because others may look at this phone."""
    chat = replace(leave(chat, "receipt"), case=reference)
    return Then(chat, do=(MakeReceipt(reference),), waits=True)


def receipt_made(chat: Chat, event: ReceiptMade) -> Then:
    """Show the two numbers, this once."""
    if not event.secret:
        return Then(replace(chat, step="home", case=""), (_NO_RECEIPT,))
    text = msg(_RECEIPT, reference=event.reference, secret=event.secret)
    return Then(chat, page=Page(text, in_rows([to_case(chat.case)])))


def _receipt(chat: Chat) -> Page:
    again = case_button("receipt", chat.case, msg(N_("Make a new receipt")), "🔑")
    text = msg(_SHOWN_ONCE, reference=chat.case)
    return Page(text, in_rows([to_case(chat.case), again]))


VERBS: dict[str, Verb] = {"receipt": make}
"""What buttons about a case do here; see ``bot.dialogue.VERBS``."""

# --- the two numbers -------------------------------------------------------------------------


def typed(chat: Chat, part: Part) -> Then | None:
    """Open the case whose number she typed, with the secret number if she typed that too; ``None``
    where it is no case number."""
    found = numbers_in(part.text) if part.kind is None else None
    if found is None:
        return None
    reference, secret = found
    chat = replace(leave(chat, "secret"), number=reference)
    return Then(chat, do=(OpenWithReceipt(reference, secret),), waits=True)


def case_opened(chat: Chat, event: CaseOpened) -> Then:
    """Show the case, ask for the secret number, or say that it does not fit. Whether there is such
    a case shows in none of these."""
    match event.opening:
        case Opening.HERS | Opening.OPENED:
            said = (_OPENED,) if event.opening is Opening.OPENED else ()
            return Then(
                replace(chat, step="case", case=event.reference, number="", filed=True), said
            )
        case Opening.ASK:
            return Then(chat)
        case Opening.WRONG:
            return Then(chat, (_WRONG,))
        case Opening.WAIT:
            return Then(replace(chat, step="home", number=""), (_WAIT,))


def _hear_number(chat: Chat, part: Part) -> Then | None:
    return typed(chat, part) or _no_number(chat, part, _NO_NUMBER)


def _hear_secret(chat: Chat, part: Part) -> Then | None:
    secret = parse_secret(part.text) if part.kind is None else None
    if secret is None:
        return typed(chat, part) or _no_number(chat, part, _NO_SECRET)
    return Then(chat, do=(OpenWithReceipt(chat.number, secret),), waits=True)


def _no_number(chat: Chat, part: Part, said: Msg) -> Then | None:
    """What is no number: a file is kept and asked about later, a slip is said, and words that tell
    something are no answer to this question."""
    if part.kind is not None:
        return Then(replace(chat, held=(*chat.held, part)), (_ONLY_TYPED,))
    if len(part.text) >= _A_STORY:
        return None
    return Then(chat, (said,))


def _to(step: str) -> Callable[[Chat], Then]:
    return lambda chat: Then(replace(chat, step=step))


def _with_kept(chat: Chat, *answers: Answer) -> tuple[tuple[Answer, ...], ...]:
    """Somebody who sent a voice message here perhaps wants to tell something."""
    tell = Answer("tell", msg(N_("I want to tell you something")), "💬", does=_to("about"))
    return in_rows([*answers, tell] if chat.held else answers)


def _number(chat: Chat) -> Page:
    return Page(_TYPE_NUMBER, _with_kept(chat))


def _secret(chat: Chat) -> Page:
    other = Answer("other", msg(N_("Another case number")), "🔢", does=_to("number"))
    number = msg(N_("Case number: %(reference)s"), reference=chat.number)
    return Page(paragraphs(number, _TYPE_SECRET), _with_kept(chat, other))


_WHERE = msg(
    N_(
        "Both numbers are on the receipt that you made on the other phone. If you have no receipt,"
        " you can tell us about it as something new."
    )
)

QUESTIONS = (
    Question(
        name="receipt",
        room=Room.FOLLOWUP,
        page=_receipt,
        parent="case",
        help=msg(
            N_(
                "A receipt is for another phone, or for when this phone is lost. You can do without"
                " it."
            )
        ),
        also=("case", "home"),
    ),
    Question(
        name="number",
        room=Room.FOLLOWUP,
        page=_number,
        parent="home",
        hears=_hear_number,
        help=_WHERE,
        also=("secret", "case", "about", "home", "language", *sorted(INTAKE)),
    ),
    Question(
        name="secret",
        room=Room.FOLLOWUP,
        page=_secret,
        parent="number",
        hears=_hear_secret,
        help=_WHERE,
        also=("case", "number", "about", "home", "language", *sorted(INTAKE)),
    ),
)
