"""The supervisor's page: who has how much, what was missed, what nobody owns, what is at risk."""

from flask import Blueprint, render_template

from casework.lifecycle import LEADING
from casework.office import team, telling
from webadmin.access import allowed
from webadmin.context import actor, db, now, zone

blueprint = Blueprint("team", __name__, url_prefix="/team")


@blueprint.get("")
@allowed(*LEADING)
def index() -> str:
    """How it goes in the office."""
    session, by = db(), actor()
    unowned, more_unowned = team.unowned(session, by)
    at_risk, more_at_risk = team.at_risk(session, by, now())
    people = telling.handling(session)
    return render_template(
        "team.html",
        present={one.id for one in people if one.away_until is None},
        away={one.id: one.away_until for one in people if one.away_until is not None},
        loads=team.loads(session, by, zone(), now()),
        missed=team.missed(session, by, now()),
        days=team.MISSED_WITHIN.days,
        unowned=unowned,
        more_unowned=more_unowned,
        at_risk=at_risk,
        more_at_risk=more_at_risk,
    )
