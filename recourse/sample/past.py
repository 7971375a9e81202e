"""A few cases of the sample data that come from an older system, read like anybody's list."""

from datetime import datetime
from zoneinfo import ZoneInfo

from casework.actors import SYSTEM
from casework.db import Session
from casework.taking_in import importing, taking_up
from casework.taking_in.pastcases import Reading

LIST = """\
reference,factory,received,status,category,kind,channel,language,acknowledged,told,closed,finding,resolution,workers,summary
HL-2022-014,VN7K2,2022-03-07,closed,WAG,late,phone,vi,2022-03-08,2022-05-16,2022-06-20,founded,confirmed,38,"Wages of February paid 19 days late, sewing section."
HL-2022-031,BD3MX,2022-08-22,closed,OHS,heat,in-person,bn,2022-08-24,2022-11-02,2022-12-05,partly,unanswered,60,"Fans broken on the third floor; half of them repaired."
HL-2023-006,MY6JP,2023-02-13,inadmissible,OTH,question,letter,ne,2023-02-15,2023-02-20,2023-02-20,,,1,"Asked about a loan at home."
HL-2023-019,KH4XC,2023-06-05,resolved,DRM,water,phone,km,2023-06-06,2023-07-31,2023-08-14,founded,confirmed,24,"No water in the dormitory on Sundays."
"""


def add(session: Session, now: datetime) -> None:
    """Import them, as practice."""
    plan = importing.read_cases(LIST.encode(), session, Reading(ZoneInfo("UTC"), now))
    taking_up.apply(session, plan, by=SYSTEM, now=now, practice=True)
