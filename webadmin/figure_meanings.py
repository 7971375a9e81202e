"""What each measure is called, and what it means in one sentence: staff read it, and it stands in
what they publish."""

from casework.figures.measures import Measure
from translations import N_

MEASURES: dict[Measure, str] = {
    Measure.RECEIVED: N_("Cases received"),
    Measure.PERSONS: N_("Workers who filed them"),
    Measure.ISSUES: N_("Issues in these cases"),
    Measure.ADMISSIBLE: N_("Cases taken up"),
    Measure.DECIDED: N_("Cases decided"),
    Measure.ANSWERED: N_("Answers of workers to the outcome"),
    Measure.APPEALS: N_("Disputes and appeals decided"),
    Measure.RETALIATION: N_("Cases of retaliation"),
    Measure.REMEDIED: N_("Workers with a verified remedy"),
    Measure.PROMISED: N_("Promises that were due"),
    Measure.MET: N_("Promises kept"),
    Measure.DAYS: N_("Days until a promise was kept"),
    Measure.OPEN: N_("Cases open at the end"),
    Measure.ZERO_TOLERANCE: N_("Open cases with a zero-tolerance issue"),
    Measure.OVERDUE: N_("Cases with an overdue remedy"),
    Measure.OWED_PERSONS: N_("Workers to whom money is owed"),
    Measure.OWED: N_("Money owed"),
    Measure.PAID_PERSONS: N_("Workers who were paid"),
    Measure.PAID: N_("Money paid"),
    Measure.SITES: N_("Factories covered"),
    Measure.WORKERS: N_("Workers at these factories"),
    Measure.LANGUAGES: N_("Languages in which one can complain"),
}

MEANINGS: dict[Measure, str] = {
    Measure.RECEIVED: N_(
        "Cases that came in during the period, through any channel. Practice, spam and duplicates are"
        " left out."
    ),
    Measure.PERSONS: N_(
        "Workers who filed these cases. Whoever filed two is one; a helper’s case counts as one."
    ),
    Measure.ISSUES: N_(
        "What these cases are about. One case may hold several issues, so there are more issues than"
        " cases."
    ),
    Measure.ADMISSIBLE: N_(
        "Cases that were taken up during the period: about work, at a factory that is covered."
    ),
    Measure.DECIDED: N_(
        "Cases whose worker was told during the period how they end, or that ended without a finding."
        " One that was decided anew counts again."
    ),
    Measure.ANSWERED: N_(
        "What workers said during the period to the outcome they were told. Who did not answer in"
        " time is never counted as having confirmed."
    ),
    Measure.APPEALS: N_("Disputes and appeals of workers that were decided during the period."),
    Measure.RETALIATION: N_(
        "Cases in which somebody said during the period that they were punished for complaining."
    ),
    Measure.REMEDIED: N_(
        "Workers whose remedy was delivered and then verified by somebody other than the accused,"
        " during the period."
    ),
    Measure.PROMISED: N_("Promises that were to be kept during the period."),
    Measure.MET: N_("Promises that were kept during the period, in time or late."),
    Measure.DAYS: N_(
        "Days from the start of a promise until it was kept: the median, and the number of days within"
        " which 90 of 100 were kept."
    ),
    Measure.OPEN: N_(
        "Cases that were open at the end of the period, by how long they had been open."
    ),
    Measure.ZERO_TOLERANCE: N_(
        "Cases open at the end of the period with an issue for which there is no tolerance."
    ),
    Measure.OVERDUE: N_("Cases whose remedy was overdue at the end of the period."),
    Measure.OWED_PERSONS: N_("Workers to whom it was noted during the period that money is owed."),
    Measure.OWED: N_("Money that was noted as owed during the period. Currencies are never mixed."),
    Measure.PAID_PERSONS: N_(
        "Workers who were paid during the period what they were owed, or a part of it."
    ),
    Measure.PAID: N_(
        "Money that was paid to workers during the period. Currencies are never mixed."
    ),
    Measure.SITES: N_("Factories that were covered at the end of the period."),
    Measure.WORKERS: N_(
        "Who works at these factories, as far as it is known: the number their owners gave."
    ),
    Measure.LANGUAGES: N_("Languages in which one could complain at the end of the period."),
}
