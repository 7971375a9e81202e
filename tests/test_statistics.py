"""The figures of a period: recounted slowly over random months, and edge by edge."""

from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.db import Session, Store
from casework.figures import statistics
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, Table
from casework.vault import Vault
from casework.vocabulary import Scope
from tests.conftest import Cast
from tests.office import Office
from tests.random_year import Year
from tests.slow_figures import recount
from tests.test_replay import _office

D, M = Dimension, Measure
STAFF_TABLES = (
    Table(M.RECEIVED, (D.BRAND, D.SCOPE)),
    Table(M.RECEIVED, (D.TIER, D.CATEGORY)),
    Table(M.RECEIVED, (D.BRAND, D.FACTORY)),
    Table(M.PERSONS, (D.FACTORY,)),
    Table(M.PERSONS, (D.BRAND, D.TOPIC)),
    Table(M.ISSUES, (D.CATEGORY, D.KIND)),
    Table(M.ISSUES, (D.SCOPE, D.WAGE)),
    Table(M.ADMISSIBLE, (D.LANGUAGE,)),
    Table(M.DECIDED, (D.CATEGORY, D.OUTCOME)),
    Table(M.ANSWERED, (D.MATTER, D.ANSWER)),
    Table(M.APPEALS, (D.RELATION, D.RULING)),
    Table(M.RETALIATION, (D.CATEGORY,)),
    Table(M.REMEDIED, (D.FACTORY,)),
    Table(M.PROMISED, (D.SEVERITY, D.KEPT)),
    Table(M.PROMISED, (D.BRAND, D.PROMISE, D.KEPT)),
    Table(M.MET, (D.BRAND, D.PROMISE)),
    Table(M.DAYS, (D.SCOPE, D.PROMISE)),
    Table(M.OPEN, (D.SEVERITY, D.AGE)),
    Table(M.ZERO_TOLERANCE, (D.CHANNEL,)),
    Table(M.OVERDUE, (D.BRAND,)),
    Table(M.OWED, (D.COUNTRY, D.CURRENCY)),
    Table(M.OWED_PERSONS, (D.BRAND, D.CURRENCY)),
    Table(M.PAID, (D.FACTORY, D.CURRENCY)),
    Table(M.SITES, (D.BRAND, D.TIER)),
    Table(M.WORKERS, (D.FACTORY,)),
)
TABLES = (*BRAND_TABLES, *STAFF_TABLES)
PERIODS = (
    Period.quarter(2026, 2),
    Period.quarter(2026, 3),
    Period.year(2026),
    Period(date(2026, 5, 12), date(2026, 7, 4)),
)


def agree(session: Session, period: Period, brand_id: int | None, scope: Scope | None) -> int:
    """Compare every figure; how many there are."""
    sheet = statistics.count(session, period, TABLES, brand_id=brand_id, scope=scope)
    counts, spreads = recount(session, period, TABLES, brand_id=brand_id, scope=scope)
    assert dict(sheet.counts) == counts
    assert dict(sheet.spreads) == spreads
    return len(counts) + len(spreads)


def recounted(office: Office, seed: int, steps: int) -> int:
    """Live some random months and compare; how many figures there were."""
    year = Year(office, Random(seed))
    year.live(steps)
    brands = (None, office.cast.aurora.id, office.cast.borealis.id)
    with office.store.reading() as session:
        found = sum(agree(session, period, brand, None) for period in PERIODS for brand in brands)
        for scope in Scope:
            found += agree(session, Period.year(2026), None, scope)
            found += agree(session, Period.quarter(2026, 2), brands[1], scope)
    return found


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", range(5))
def test_every_figure_is_the_same_when_it_is_recounted_from_the_events(
    sqlite_template: Path, sqlite_known: sa.Engine, vault: Vault, seed: int
) -> None:
    with _office(sqlite_template, sqlite_known, vault) as office:
        assert recounted(office, seed, 170) > 1000


@pytest.mark.postgres
@pytest.mark.timeout(400)
def test_every_figure_is_the_same_on_postgresql(postgres_store: Store, now: datetime) -> None:
    assert recounted(Office(postgres_store, Cast(postgres_store, now)), 5, 120) > 1000


_SHARED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(max_examples=300, suppress_health_check=_SHARED)
@given(st.integers(6, 2**32), st.integers(10, 400))
def test_every_figure_is_the_same_in_many_more_histories(
    sqlite_template: Path, sqlite_known: sa.Engine, vault: Vault, seed: int, steps: int
) -> None:
    with _office(sqlite_template, sqlite_known, vault) as office:
        recounted(office, seed, steps)
