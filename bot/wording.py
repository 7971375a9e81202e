"""What the closed lists are called when we speak to a worker, with the icons of their buttons."""

from collections.abc import Mapping

from bot.turns import FoundLine, Msg, Param
from casework.categories import CATEGORIES
from casework.vocabulary import (
    Category,
    Contact,
    Danger,
    Finding,
    HowMany,
    Inadmissible,
    MediaKind,
    Referral,
    Relation,
    Service,
    Since,
    Status,
    Treatment,
)
from translations import N_

QUOTE = 200
"""So many characters of somebody's own words are repeated; the whole is kept with the case."""

PART = 3000
"""So many characters of somebody's words go into one message, where all of them are shown."""

SEXUAL = "sexual"
"""The kind of harassment with a button of its own, so that a survivor needs no second choice."""

WORTH_SENDING = frozenset(Category) - {Category.OTHER}
"""Categories that say enough to be sent without a story."""


def msg(msgid: str, plural: str | None = None, /, **params: Param) -> Msg:
    return Msg(msgid, params, plural)


def lines(*parts: Param) -> Msg:
    """One line each; ``""`` is an empty line."""
    return msg("%(lines)s", lines=parts)


def paragraphs(*said: Param) -> Msg:
    """One paragraph each: what is said together in one message."""
    with_space = [part for one in said for part in ("", one)]
    return lines(*with_space[1:])


def parts(words: str) -> tuple[str, ...]:
    """Somebody's words whole, in parts that fit into a message with a sentence of ours before and
    after them: cut after a line or between two words where there are any."""
    found: list[str] = []
    while len(words) > PART:
        head = words[:PART]
        cut = max(head.rfind("\n"), head.rfind(" ")) + 1 or PART
        found.append(words[:cut].rstrip())
        words = words[cut:].lstrip()
    return (*found, words)


def quoted(words: str, at_most: int = QUOTE) -> str:
    """Somebody's words in one line, cut where they are long."""
    plain = " ".join(words.split())
    return plain if len(plain) <= at_most else plain[: at_most - 1].rstrip() + "…"


Label = tuple[str, Msg]
"""An icon, and what stands beside it."""

CATEGORY: Mapping[Category, Label] = {
    Category.WAGES: ("💰", msg(N_("Pay"))),
    Category.HOURS: ("⏰", msg(N_("Hours and rest"))),
    Category.HARASSMENT: ("😠", msg(N_("Shouting, hitting, bullying"))),
    Category.HEALTH_AND_SAFETY: ("🦺", msg(N_("Safety and health"))),
    Category.CONTRACT: ("📄", msg(N_("Contract, losing the job"))),
    Category.DOCUMENTS: ("🛂", msg(N_("They keep my passport"))),
    Category.RECRUITMENT: ("🧾", msg(N_("I paid to get the job"))),
    Category.FORCED_LABOUR: ("⛓️", msg(N_("Forced to work"))),
    Category.DORMITORY: ("🛏️", msg(N_("Room, food, water"))),
    Category.DISCRIMINATION: ("⚖️", msg(N_("Treated worse than others"))),
    Category.CHILD_LABOUR: ("🧒", msg(N_("Children who work"))),
    Category.FREEDOM_OF_ASSOCIATION: ("✊", msg(N_("Union"))),
    Category.RETALIATION: ("🤐", msg(N_("Punished for speaking up"))),
    Category.OTHER: ("💬", msg(N_("Something else"))),
}
"""In the order of the buttons: what many complain about stands first."""

SEXUAL_LABEL: Label = ("🟣", msg(N_("Sexual harassment")))

KIND: Mapping[tuple[Category, str], Label] = {
    (Category.HARASSMENT, "verbal"): ("🗯️", msg(N_("Shouting or insults"))),
    (Category.HARASSMENT, "physical"): ("👊", msg(N_("Hitting or pushing"))),
    (Category.HARASSMENT, "bullying"): ("😢", msg(N_("Bullying"))),
    (Category.HARASSMENT, SEXUAL): SEXUAL_LABEL,
    (Category.WAGES, "below-minimum"): ("📉", msg(N_("Less than the law says"))),
    (Category.WAGES, "below-contract"): ("📄", msg(N_("Less than was agreed"))),
    (Category.WAGES, "below-living-wage"): ("🍚", msg(N_("Too little to live on"))),
    (Category.WAGES, "unpaid"): ("🚫", msg(N_("Not paid at all"))),
    (Category.WAGES, "late"): ("⏳", msg(N_("Paid late"))),
    (Category.WAGES, "deduction"): ("✂️", msg(N_("They take money off my pay"))),
    (Category.WAGES, "overtime-unpaid"): ("🌙", msg(N_("Overtime is not paid"))),
    (Category.WAGES, "severance"): ("🚪", msg(N_("Money owed when the job ended"))),
    (Category.WAGES, "benefits"): ("🎁", msg(N_("Insurance, bonus or other benefits"))),
    (Category.HOURS, "excessive-overtime"): ("🕛", msg(N_("Too many hours"))),
    (Category.HOURS, "forced-overtime"): ("⛓️", msg(N_("Forced to work overtime"))),
    (Category.HOURS, "no-rest-day"): ("📅", msg(N_("No day off"))),
    (Category.HOURS, "leave-refused"): ("🤒", msg(N_("Leave or sick leave refused"))),
    (Category.HOURS, "falsified-records"): ("📝", msg(N_("They write down wrong hours"))),
    (Category.FORCED_LABOUR, "confinement"): ("🔒", msg(N_("We cannot leave"))),
    (Category.FORCED_LABOUR, "threats"): ("😨", msg(N_("They threaten us"))),
    (Category.FORCED_LABOUR, "withheld-pay"): ("💰", msg(N_("They hold back pay so that we stay"))),
    (Category.FORCED_LABOUR, "isolation"): ("📵", msg(N_("We may not talk to people outside"))),
    (Category.RECRUITMENT, "fees"): ("💵", msg(N_("I paid money for the job"))),
    (Category.RECRUITMENT, "debt"): ("💳", msg(N_("I have a debt because of the job"))),
    (Category.RECRUITMENT, "false-promises"): ("🤥", msg(N_("The job is not what was promised"))),
    (Category.DOCUMENTS, "passport"): ("🛂", msg(N_("Passport or identity card"))),
    (Category.DOCUMENTS, "phone"): ("📱", msg(N_("My phone"))),
    (Category.DOCUMENTS, "bank-book"): ("🏦", msg(N_("Bank book or bank card"))),
    (Category.CHILD_LABOUR, "under-age"): ("🧒", msg(N_("Too young to work"))),
    (Category.CHILD_LABOUR, "hazardous"): ("⚠️", msg(N_("Under 18, with dangerous work"))),
    (Category.DISCRIMINATION, "sex"): ("🚻", msg(N_("Because of being a woman or a man"))),
    (Category.DISCRIMINATION, "pregnancy"): ("🤰", msg(N_("Because of pregnancy"))),
    (Category.DISCRIMINATION, "nationality"): (
        "🌏",
        msg(N_("Because of the country they come from")),
    ),
    (Category.DISCRIMINATION, "religion"): ("🛐", msg(N_("Because of religion"))),
    (Category.DISCRIMINATION, "disability"): ("♿", msg(N_("Because of a disability"))),
    (Category.FREEDOM_OF_ASSOCIATION, "union-busting"): (
        "🛑",
        msg(N_("They work against the union")),
    ),
    (Category.FREEDOM_OF_ASSOCIATION, "dismissal"): (
        "📦",
        msg(N_("Lost the job because of the union")),
    ),
    (Category.FREEDOM_OF_ASSOCIATION, "bargaining-refused"): (
        "🙊",
        msg(N_("They refuse to talk with the union")),
    ),
    (Category.HEALTH_AND_SAFETY, "fire-or-building"): (
        "🔥",
        msg(N_("Fire, exits or the building")),
    ),
    (Category.HEALTH_AND_SAFETY, "heat"): ("🥵", msg(N_("Too hot"))),
    (Category.HEALTH_AND_SAFETY, "chemicals"): ("🧪", msg(N_("Chemicals or dust"))),
    (Category.HEALTH_AND_SAFETY, "machines"): ("⚙️", msg(N_("Machines or accidents"))),
    (Category.HEALTH_AND_SAFETY, "no-medical-care"): ("🩺", msg(N_("No doctor or medicine"))),
    (Category.CONTRACT, "none"): ("❌", msg(N_("No contract"))),
    (Category.CONTRACT, "not-understood"): ("❓", msg(N_("I do not understand my contract"))),
    (Category.CONTRACT, "substituted"): ("🔄", msg(N_("They changed my contract"))),
    (Category.CONTRACT, "dismissal"): ("📦", msg(N_("I lost my job"))),
    (Category.DORMITORY, "housing"): ("🏠", msg(N_("The room or the building"))),
    (Category.DORMITORY, "food"): ("🍲", msg(N_("Food"))),
    (Category.DORMITORY, "water"): ("🚰", msg(N_("Water, toilets or washing"))),
    (Category.DORMITORY, "curfew"): ("🌃", msg(N_("We may not go out"))),
    (Category.RETALIATION, "retaliation"): CATEGORY[Category.RETALIATION],
    (Category.OTHER, "question"): ("❓", msg(N_("I have a question"))),
    (Category.OTHER, "suggestion"): ("💡", msg(N_("I have an idea"))),
    (Category.OTHER, "out-of-scope"): ("💬", msg(N_("Something not about work"))),
}

FINDING: Mapping[Finding, Label] = {
    Finding.FOUNDED: ("✅", msg(N_("We found that this is true."))),
    Finding.PARTLY: ("☑️", msg(N_("We found that a part of this is true."))),
    Finding.UNFOUNDED: ("➖", msg(N_("We did not find that this is true."))),
    Finding.UNDETERMINED: ("❔", msg(N_("We could not find out whether this is true."))),
}

REASON: Mapping[Inadmissible | Referral, Msg] = {
    Inadmissible.NOT_WORK: msg(N_("This is not about work.")),
    Inadmissible.NOT_COVERED: msg(N_("We have no say at this workplace.")),
    Inadmissible.OUTSIDE: msg(N_("It is about work, but we may not decide on it.")),
    Inadmissible.DECIDED: msg(N_("We looked at the same thing before, and nothing is new.")),
    Inadmissible.NOTHING_TO_ACT_ON: msg(
        N_("We asked you for more, and we still know too little to do something.")
    ),
    Inadmissible.SPAM: msg(N_("We did not find a complaint in it.")),
    Referral.LABOUR_OFFICE: msg(N_("The labour office or another public office")),
    Referral.LEGAL_AID: msg(N_("People who help with the law")),
    Referral.UNION: CATEGORY[Category.FREEDOM_OF_ASSOCIATION][1],
    Referral.CARE: msg(N_("Doctors, counsellors or a safe place to stay")),
    Referral.CHILD_PROTECTION: msg(N_("People who protect children")),
    Referral.OTHER_MECHANISM: msg(N_("The people who take complaints about this workplace")),
}
"""``Referral.OTHER`` says nothing: the handler's words say who it is."""


def found(line: FoundLine) -> list[Param]:
    """What was found about one thing, without the reason: what it is, and whether it is so."""
    about = KIND.get((line.category, line.kind), CATEGORY[line.category])
    labels = (about, FINDING[line.finding])
    return [msg("%(icon)s %(label)s", icon=icon, label=label) for icon, label in labels]


RELATION: Mapping[Relation, Label] = {
    Relation.WORKER: ("🏭", msg(N_("I work in the factory"))),
    Relation.FORMER: ("🚪", msg(N_("I worked there before"))),
    Relation.HELPER: ("🤝", msg(N_("I help someone who works there"))),
}

DANGER: Mapping[Danger, Label] = {
    Danger.NOW: ("🚨", msg(N_("Yes, now"))),
    Danger.NO: ("🙂", msg(N_("No"))),
    Danger.UNSURE: ("🤔", msg(N_("I am not sure"))),
}

SINCE: Mapping[Since, Label] = {
    Since.TODAY: ("☀️", msg(N_("Today"))),
    Since.WEEK: ("📆", msg(N_("In the last 7 days"))),
    Since.MONTH: ("🗓️", msg(N_("In the last month"))),
    Since.YEAR: ("📅", msg(N_("In the last year"))),
    Since.LONGER: ("🕰️", msg(N_("More than a year ago"))),
}

HOW_MANY: Mapping[HowMany, Label] = {
    HowMany.ME: ("🧍", msg(N_("One person"))),
    HowMany.FEW: ("👥", msg(N_("A few people"))),
    HowMany.MANY: ("👨‍👩‍👧‍👦", msg(N_("Many people"))),
    HowMany.EVERYONE: ("🌍", msg(N_("Everyone, or nearly everyone"))),
}

CONTACT: Mapping[Contact, Label] = {
    Contact.HERE: ("🔔", msg(N_("Here, at any time"))),
    Contact.SAFE_HOURS: ("🕗", msg(N_("Here, but only at safe hours"))),
    Contact.NEVER: ("🔕", msg(N_("Do not write to me"))),
}

SERVICE: Mapping[Service, Label] = {
    Service.ALL: ("🆘", msg(N_("Emergency number"))),
    Service.POLICE: ("🚓", msg(N_("Police"))),
    Service.AMBULANCE: ("🚑", msg(N_("Ambulance"))),
    Service.FIRE: ("🚒", msg(N_("Fire brigade"))),
    Service.WOMEN: ("💜", msg(N_("Helpline for women"))),
    Service.VIOLENCE: ("💜", msg(N_("Helpline after violence"))),
}

TREATMENT: Mapping[Treatment, Label] = {
    # Translators: these three answer "How did we treat you?"
    Treatment.WELL: ("😀", msg(N_("Well"))),
    Treatment.SO_SO: ("😐", msg(N_("So-so"))),
    Treatment.BADLY: ("🙁", msg(N_("Badly"))),
}

FILES: Mapping[MediaKind, Label] = {
    MediaKind.VOICE: ("🎤", msg(N_("a voice message"))),
    MediaKind.PHOTO: ("📷", msg(N_("a photo"))),
    MediaKind.VIDEO: ("🎞️", msg(N_("a video"))),
    MediaKind.DOCUMENT: ("📄", msg(N_("a file"))),
}

STATUS: Mapping[Status, Label] = {
    Status.RECEIVED: ("📥", msg(N_("We have it. A person will read it."))),
    Status.ACKNOWLEDGED: ("👀", msg(N_("A person has read it."))),
    Status.ASSESSING: ("🔎", msg(N_("We are checking how we can help."))),
    Status.INVESTIGATING: ("🔎", msg(N_("We are finding out what happened."))),
    Status.REMEDYING: ("🛠️", msg(N_("We are working to put it right."))),
    Status.VERIFYING: ("❓", msg(N_("We want to know from you: was it put right?"))),
    Status.RESOLVED: ("✅", msg(N_("We have noted that it was put right."))),
    Status.CLOSED: ("📁", msg(N_("This case is closed."))),
    Status.INADMISSIBLE: ("🚫", msg(N_("We cannot work on this. We told you why."))),
    Status.REFERRED: ("➡️", msg(N_("Other people can help better. We told you who."))),
    Status.WITHDRAWN: ("↩️", msg(N_("You took this complaint back."))),
    Status.APPEALED: ("🔁", msg(N_("We look at it again. Another person does it now."))),
}


def about(category: Category | None, kind: str | None = None) -> Msg:
    """What a complaint is about, in few words."""
    if category is None:
        return msg(N_("Not said"))
    if (category, kind) == (Category.HARASSMENT, SEXUAL):
        return SEXUAL_LABEL[1]
    return CATEGORY[category][1]


def kind_label(category: Category | None, kind: str | None) -> Msg | None:
    """The name of a kind; ``None`` where it adds nothing to the category's name."""
    if category is None or kind is None or len(CATEGORIES[category].kinds) == 1:
        return None
    return None if kind == SEXUAL else KIND[category, kind][1]
