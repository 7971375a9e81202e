"""Every sentence of the public page. Workers read them, so they stand in their catalogs.

Many are said by the conversation or on a poster, too, in the very same words: those are translated
once.
"""

from collections.abc import Mapping
from typing import Final

from casework.figures.measures import Answer, Measure, Ruling
from casework.vocabulary import Category, Inadmissible, Outcome, Promise, Severity
from translations import N_, NP_

# --- the page ---

TITLE: Final = N_("How we handle complaints")
# Translators: a link for people who use the keyboard; it jumps over the menu.
SKIP: Final = N_("Skip to the content")
LANGUAGE: Final = N_("Language")
PRACTICE: Final = N_("This is for practice. What you send here is not a real complaint.")
COMPLAIN: Final = N_("I want to tell you something")
RULES: Final = N_("Rules of procedure")
# Translators: a version of the rules, or of the figures, and since when it holds.
VERSION: Final = N_("Version %(version)s, %(date)s")
DEADLINES: Final = N_("How long it takes")
FIGURES: Final = N_("Figures")
METHOD: Final = N_("How we count")

# --- rules of procedure ---

WHO_WE_ARE: Final = N_("Who we are")
OPERATOR: Final = N_("%(operator)s receives complaints from workers and looks into them.")
IMPARTIAL: Final = N_(
    "Whoever works on a case is fair to both sides and takes orders from nobody. Whoever has a tie to"
    " somebody in a case cannot see it."
)

WHO_CAN: Final = N_("Who can complain, and about what")
ANYBODY: Final = N_(
    "Workers, former workers, families, unions and organisations that help workers can complain, for"
    " one person or for many."
)
# Translators: a list follows: pay, hours and rest, and so on.
ABOUT: Final = N_("You can complain about this, also when it has not happened yet:")
NO_PROOF: Final = N_(
    "You need no proof. Tell what you believe is true. If we do not find it to be true, nothing"
    " happens to you."
)

HOW: Final = N_("How to complain, and who reads it")
OWN_LANGUAGE: Final = N_("You can tell us here, in your own language.")
TELL: Final = N_("Tell us what is wrong: speak, write, or send a photo.")
OPEN_PAGE: Final = N_("Or open this page on any phone or computer:")
FREE: Final = N_("It costs nothing.")
NO_ACCOUNT: Final = N_("You do not need an account, a name or a phone number.")
READER: Final = N_("Who reads it: %(operator)s. They must keep it secret.")
SECRET: Final = N_("The factory does not learn from us who you are, unless you allow it.")
LOCKED: Final = N_(
    "What you say is locked away. Each time somebody reads it, that is written down."
)
TELEGRAM_READS: Final = N_("The company Telegram could read what you send with Telegram.")
RESTRICTED: Final = N_(
    "Complaints about sexual harassment are read only by a few chosen people. You decide what happens"
    " at every step."
)

WHAT_FOLLOWS: Final = N_("What happens then")
ANSWER: Final = NP_(
    "You get a case number. A person answers you within %(n)s day.",
    "You get a case number. A person answers you within %(n)s days.",
)
TALK: Final = N_(
    "We talk with you about what happened. We hear the other side, too, without saying who you are."
)
NOT_TAKEN_UP: Final = N_(
    "If we cannot work on it, we tell you why and who may help. These are the only reasons:"
)
REASONS: Final[Mapping[Inadmissible, str]] = {
    Inadmissible.NOT_WORK: N_("This is not about work."),
    Inadmissible.NOT_COVERED: N_("We have no say at this workplace."),
    Inadmissible.OUTSIDE: N_("It is about work, but we may not decide on it."),
    Inadmissible.DECIDED: N_("We looked at the same thing before, and nothing is new."),
    Inadmissible.NOTHING_TO_ACT_ON: N_(
        "We asked you for more, and we still know too little to do something."
    ),
}
"""Spam is none that a worker is told."""
RESULT: Final = N_(
    "We decide by what can be shown. You get the result in your language: what we found, and why."
)
PUT_RIGHT: Final = N_(
    "What is wrong must be put right: for example, money that is owed is paid. We ask you what you"
    " need. Then we check that it was done, and ask you again."
)
APPEAL: Final = N_(
    "If you do not agree, tell us within %(days)s days. Then another person looks at it again."
)
APPEAL_BY: Final = N_(
    "A person who did not work on your case before looks at it. You do not have to say why."
)

RIGHTS: Final = N_("Your rights")
NO_PUNISHMENT: Final = N_(
    "Nobody may punish you for using this. If somebody does, tell us at once."
)
PROTECTION: Final = N_(
    "We ask you later whether anybody treats you badly because of it. If so, we open a new case, and"
    " take it as urgent."
)
YOURS: Final = N_("You can ask how it stands, tell more, or stop at any time.")
COURT: Final = N_(
    "You can also go to a court, a public office or a union, at any time. Complaining here takes no"
    " right away from you."
)

KEEPING: Final = N_("What we keep, and how we get better")
# Translators: %(time)s is for example "5 years".
DELETED: Final = N_("We delete what was said %(time)s after the last news in a case that is over.")
NOT_DELETED: Final = N_("What was said is kept without an end date.")
FORGOTTEN: Final = N_(
    "You can ask at any time that we forget you. What stays are dates and numbers that do not tell"
    " who you are."
)
REVIEW: Final = N_(
    "At least once a year we look at these rules and figures again, and change what does not work."
)

# --- deadlines ---

COUNTED_FROM: Final = N_("Counted from your complaint, unless something else is named.")
# Translators: four columns, by how bad it is; the first: somebody's life or freedom is in danger.
SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: N_("In danger"),
    Severity.SERIOUS: N_("Serious"),
    Severity.STANDARD: N_("Usual"),
    Severity.MINOR: N_("Small"),
}
# Translators: a row of a table. How long each step may take stands beside it: "3 days".
PROMISES: Final[Mapping[Promise, str]] = {
    Promise.ACKNOWLEDGE: N_("A person answers you"),
    Promise.TRIAGE: N_("We decide how urgent it is"),
    Promise.PROTECTION: N_("We agree with you on what keeps you safe"),
    Promise.FIRST_REPLY: N_("We tell you what comes next"),
    Promise.PROGRESS: N_("Again and again until the end: you hear from us"),
    Promise.INVESTIGATE: N_("After our first answer: we find out what happened and make a plan"),
    Promise.OUTCOME: N_("After our first answer: you get the result"),
    Promise.REMEDY: N_("After the plan: it is put right"),
    Promise.APPEAL: N_("After your appeal: another person decides"),
}
"""In the order in which they come. That a case does not wait for ever for the worker's answer is
promised to nobody but ourselves."""
CHECK_INS: Final = N_(
    "After the factory is told, and after the end: we ask whether anybody treats you badly"
)
WORKING_HOURS: Final = NP_("%(n)s working hour", "%(n)s working hours")
WORKING_DAYS: Final = NP_("%(n)s working day", "%(n)s working days")
ENDS: Final = N_(
    "A time in days ends when our office closes on that day, or on the next working day."
)
DAYS_OFF_COUNT: Final = N_("When somebody is in danger, days off count, too.")
PAUSES: Final = N_(
    "While we wait for your answer, some of these times may stand still; never when somebody is in"
    " danger."
)
LONGER: Final = N_("If we need longer, another person must agree, and we tell you why.")

# --- were they kept ---

KEPT: Final = N_("Were these times kept?")
DUE: Final = N_("How often it was due")
IN_TIME: Final = N_("In time")
IN_TIME_BY_PAUSE: Final = N_(
    "In time, without the days we waited for the worker, and with agreed longer times"
)

# --- figures ---

NO_FIGURES: Final = N_("The first figures stand here when a quarter is over.")
LOW_COUNT: Final = N_(
    "Few complaints are no proof of good work: people may not know us, or may be afraid."
)
COUNTS: Final[Mapping[Measure, str]] = {
    Measure.RECEIVED: N_("Complaints (cases)"),
    Measure.PERSONS: N_("People who complained"),
    Measure.ISSUES: N_("Things they complained about"),
    Measure.SITES: N_("Factories for which we work"),
    Measure.WORKERS: N_("Workers there"),
    Measure.ADMISSIBLE: N_("Cases we took up"),
    Measure.DECIDED: N_("Cases with a result"),
    Measure.OPEN: N_("Cases open on the last day"),
    Measure.REMEDIED: N_("Workers for whom it was put right"),
    Measure.RETALIATION: N_("Punished for speaking up"),
}
# Translators: %(n)s is 1,000, written as the language writes it.
PER_WORKERS: Final = N_("Complaints for each %(n)s workers")
UNKNOWN: Final = N_("Not said")
BY_CATEGORY: Final = N_("What it is about")
BY_ANSWER: Final = N_("We want to know from you: was it put right?")
BY_RULING: Final = N_("Please look at it again")
CATEGORIES: Final[Mapping[Category, str]] = {
    Category.WAGES: N_("Pay"),
    Category.HOURS: N_("Hours and rest"),
    Category.HARASSMENT: N_("Shouting, hitting, bullying"),
    Category.HEALTH_AND_SAFETY: N_("Safety and health"),
    Category.CONTRACT: N_("Contract, losing the job"),
    Category.DOCUMENTS: N_("They keep my passport"),
    Category.RECRUITMENT: N_("I paid to get the job"),
    Category.FORCED_LABOUR: N_("Forced to work"),
    Category.DORMITORY: N_("Room, food, water"),
    Category.DISCRIMINATION: N_("Treated worse than others"),
    Category.CHILD_LABOUR: N_("Children who work"),
    Category.FREEDOM_OF_ASSOCIATION: N_("Union"),
    Category.RETALIATION: N_("Punished for speaking up"),
    Category.OTHER: N_("Something else"),
}
"""In the order of the conversation's buttons."""
SEXUAL: Final = N_("Sexual harassment")
"""A kind of harassment that has a button of its own, so the rules name it, too."""
# Each result as the worker was told it.
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.FOUNDED: N_("We found that this is true."),
    Outcome.PARTLY: N_("We found that a part of this is true."),
    Outcome.UNFOUNDED: N_("We did not find that this is true."),
    Outcome.UNDETERMINED: N_("We could not find out whether this is true."),
    Outcome.ANSWERED: N_("A question was answered"),
    Outcome.REFERRED: N_("Other people can help better. We told you who."),
    Outcome.INADMISSIBLE: N_("We cannot work on this. We told you why."),
    Outcome.WITHDRAWN: N_("You took this complaint back."),
    Outcome.UNDECIDED: N_("Not said"),
}
ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.CONFIRMED: N_("Yes, it was put right"),
    Answer.DISPUTED: N_("No, it was not put right"),
    Answer.APPEALED: N_("Please look at it again"),
    Answer.UNANSWERED: N_("No answer"),
}
RULINGS: Final[Mapping[Ruling, str]] = {
    Ruling.UPHELD: N_("The worker was right"),
    Ruling.DISMISSED: N_("The first result stays"),
}
# Translators: %(currency)s is a code such as USD.
MONEY_OF: Final[Mapping[Measure, str]] = {
    Measure.OWED: N_("Owed to workers, %(currency)s"),
    Measure.PAID: N_("Paid to workers, %(currency)s"),
}

EARLIER: Final = N_("Earlier")
LATER: Final = N_("Later")

# --- how we count ---

REAL_ONLY: Final = N_("We count real complaints only, and each one once.")
APART: Final = N_(
    "People, cases and things are counted apart: one person can have several cases, and one case can"
    " be about several things."
)
# Translators: stands in a table instead of a number.
HIDDEN: Final = N_("hidden")
WHY_HIDDEN: Final = N_(
    "“%(hidden)s” means: it is less than %(n)s, or it would give such a number away. So no number"
    " tells who complained. 0 is shown."
)
FROZEN: Final = N_(
    "Figures do not change after they stand here. If something must be corrected, there is a new"
    " version, and the old one is kept."
)
LIMITS: Final = N_(
    "We know only what people tell us. These figures do not say how things are in a factory."
)
"""What the page cannot tell."""
