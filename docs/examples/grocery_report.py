"""What the grocery example shows: sections of values, each with a plain form for a terminal and an HTML form.

The tables of relex bring both forms along; `Table` and `Chart` do the same for what is counted here.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
from jinja2 import Environment, FileSystemLoader
from matplotlib.figure import Figure as Drawing

from relex.customers import Attribute, AttributeSchema, Customer, Identifier, PersonName
from relex.insights import (
    CtbTable,
    Customer360,
    DecileTable,
    PurchaseHistory,
    RfmTable,
    Segment,
    ctb,
    deciles,
    identity_section,
    loyalty_section,
    purchase_history,
    purchases_section,
    rfm,
    segments_section,
)
from relex.rules import describe, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grocery import Tally, Year

COLORS = {"earned": "#2f7d6d", "redeemed": "#c2703d", "expired": "#8a97a5"}
TIER_COLORS = ("#dde3ea", "#b9c4cf", "#e0b94f", "#5b7fa6")


@attrs.frozen
class Table:
    """Rows under a head; numbers stand on the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def __str__(self) -> str:
        cells = [list(map(_shown, row)) for row in [self.head, *self.rows]]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        right = [_is_number(cell) for cell in (self.rows[0] if self.rows else self.head)]
        lines = [
            "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True))
            for row in cells
        ]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        right = [_is_number(cell) for cell in (self.rows[0] if self.rows else self.head)]
        head = "".join(_cell("th", name, number) for name, number in zip(self.head, right, strict=True))
        rows = "".join(
            "<tr>" + "".join(_cell("td", value, number) for value, number in zip(row, right, strict=True)) + "</tr>"
            for row in self.rows
        )
        return f"<table><tr>{head}</tr>{rows}</table>"


@attrs.frozen
class Chart:
    """A picture for the page; a terminal does without."""

    title: str
    drawing: Drawing

    def __str__(self) -> str:
        return ""

    def _repr_html_(self) -> str:
        out = StringIO()
        self.drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        svg = out.getvalue()
        return f"<figure>{svg[svg.index('<svg') :]}<figcaption>{escape(self.title)}</figcaption></figure>"


@attrs.frozen
class Section:
    """A heading, a few sentences, and values to look at."""

    name: str
    title: str
    text: tuple[str, ...]
    parts: tuple[Any, ...]

    def __str__(self) -> str:
        shown = [text for text in map(str, self.parts) if text]
        return "\n\n".join([f"\n{self.title}\n{'=' * len(self.title)}", *self.text, *shown])

    def html_parts(self) -> list[str]:
        """The parts as HTML, each escaped by the value itself."""
        return [part._repr_html_() for part in self.parts]


def sections(year: Year) -> list[Section]:
    """Everything that is shown, in order."""
    history = purchase_history(year.purchases, as_of=year.as_of)
    view = View(
        history,
        rfm(history),
        deciles(history),
        (ctb(history, dimension="category"), ctb(history, dimension="brand")),
    )
    return [
        _log(year),
        _program(year),
        _points(year),
        _tiers(year),
        _award(year),
        Section("rfm", "Recency, frequency, money", (_RFM,), (view.rfm,)),
        Section("deciles", "Deciles", (_DECILES,), (view.deciles, deciles(history, by="revenue"))),
        Section("taste", "What they like", (_TASTE,), view.tastes),
        Section("household", f"Household {year.shown.id}", (), (_household(year, view),)),
    ]


class View(NamedTuple):
    """What the purchases of all households say."""

    history: PurchaseHistory
    rfm: RfmTable
    deciles: DecileTable
    tastes: tuple[CtbTable, CtbTable]


_RFM = "Scores come from the number of households that did strictly worse, so ties share a score."
_DECILES = "First ten groups of equally many households, then ten groups of equal revenue."
_TASTE = (
    "Category and brand of every line, as they were at the time of the sale. "
    "Lines without a value are told as coverage and never spread over the others."
)


def page(year: Year, shown: Sequence[Section]) -> str:
    """The sections as one page that needs nothing else."""
    loader = FileSystemLoader(Path(__file__).parent)
    template = Environment(loader=loader, autoescape=True).get_template("grocery.html.jinja")
    lead = (
        f"{year.seen['lines']:,} lines of {year.seen['purchases']:,} baskets, one loyalty program, "
        f"and what the year tells about the customers as of {year.as_of:%d %B %Y}."
    )
    return template.render(lead=lead, cards=_cards(year), sections=shown)


def _cards(year: Year) -> list[tuple[str, str]]:
    tally = year.tally
    return [
        ("sales", f"{year.sales.amount:,} {year.sales.currency}"),
        ("households", f"{year.seen['households']:,}"),
        ("baskets", f"{year.seen['purchases']:,}"),
        ("lines", f"{year.seen['lines']:,}"),
        ("points earned", f"{tally.earned.total():,}"),
        ("points outstanding", f"{tally.outstanding:,}"),
    ]


def _log(year: Year) -> Section:
    seen = year.seen
    text = (
        f"The timestamps of the log have no zone; they are read as local times of {year.as_of.tzinfo}.",
        f"{seen['quantity 0']:,} lines have quantity 0 and state their amount: they stay.",
        (
            f"{seen['unknown products']:,} lines name a product that the catalog does not know: "
            "they stay, without category and brand."
        ),
    )
    return Section("log", "The log", text, (Table(("what", "in the log"), _cards(year)[:4]),))


def _program(year: Year) -> Section:
    tally, program = year.tally, year.program
    named = [(rule.id, "always" if rule.when is None else describe(rule.when)) for rule in program.rules]
    named += [(f"tier:{tier.id}", f"bonus of the tier {tier.id}") for tier in program.tiers if tier.multiplier != 1]
    rows = [(rule, when, tally.awards[rule], tally.points[rule]) for rule, when in named]
    text = (
        (
            f"Program {program.id}, version {program.version}: all rules judged each of {tally.judged:,} baskets, "
            "and each award keeps its breakdown, those of 0 points too."
        ),
    )
    return Section("program", "The loyalty program", text, (Table(("rule", "when", "awards", "points"), rows),))


def _points(year: Year) -> Section:
    tally = year.tally
    months = sorted({*tally.earned, *tally.redeemed, *tally.expired})
    rows = [(month, tally.earned[month], tally.redeemed[month], tally.expired[month]) for month in months]
    ending = [(f"{at:%d %B %Y}", points) for at, points in sorted(tally.expiring.items())]
    text = (
        (
            f"{tally.earned.total():,} earned = {tally.outstanding:,} outstanding "
            f"+ {tally.redeemed.total():,} redeemed + {tally.expired.total():,} expired."
        ),
        f"{tally.refused:,} redemptions were refused because the balance did not cover them.",
    )
    flow = Table(("month", "earned", "redeemed", "expired"), rows)
    expiring = Table(("gone on", "points outstanding"), ending)
    return Section("points", "Points, earned and gone", text, (_flow_chart(months, tally), flow, expiring))


def _tiers(year: Year) -> Section:
    names = [None, *[tier.id for tier in year.program.tiers]]
    members = Counter({None: year.seen["households"]})
    months = sorted(year.tally.earned)
    counts: dict[str, list[int]] = {name or "none": [] for name in names}
    for month in months:
        members.update({name: year.tally.tiers[month, name] for name in names})
        for name in names:
            counts[name or "none"].append(members[name])
    table = Table(("tier", "members at the end"), [(name, column[-1]) for name, column in counts.items()])
    return Section("tiers", "Tiers reached", (), (_tier_chart(months, counts), table))


def _award(year: Year) -> Section:
    event = year.tally.richest
    if event is None:
        return Section("award", "One award, explained", ("No basket was judged.",), ())
    text = f"Basket {event.id} of {event.effective:%d %B %Y} gave {event.points} points, line by line and rule by rule."
    return Section("award", "One award, explained", (text,), (event.breakdown,))


_DEMOGRAPHICS = AttributeSchema(
    (Attribute("age", str), Attribute("income", str), Attribute("household_size", str), Attribute("kids_count", str))
)


def _household(year: Year, view: View) -> Customer360:
    shown = year.shown
    opened = year.account.opened_at
    customer, _ = Customer.open(
        shown.id,
        PersonName(f"Household {shown.id}"),
        at=opened,
        identifiers=[Identifier("household", shown.id), Identifier("loyalty", year.account.id)],
        tags=[f"campaign-{campaign}" for campaign in shown.campaigns],
    ).then(lambda found: found.set(shown.demographics, _DEMOGRAPHICS, at=opened))
    day = view.history.basis.as_of
    purchases = purchases_section(shown.id, view.history, rfm=view.rfm, deciles=view.deciles, tastes=view.tastes)
    parts = (identity_section(customer), purchases, loyalty_section(year.account, year.as_of))
    facts = Customer360(customer=shown.id, as_of=day, sections=parts).facts()
    return Customer360(customer=shown.id, as_of=day, sections=(*parts, segments_section(SEGMENTS, facts, day)))


SEGMENTS = (
    Segment("champions", field("rfm.segment") == "Champions"),
    Segment("best tenth", field("decile") == 1),
    Segment("gold and above", field("loyalty.tier").is_in("gold", "platinum")),
    Segment("own-brand friends", field("ctb.brand") == "Private"),
    Segment("large families", field("custom.household_size").is_in("4", "5+")),
)


def _flow_chart(months: Sequence[str], tally: Tally) -> Chart:
    drawing = Drawing(figsize=(9, 3.2), layout="constrained")
    axes = drawing.subplots()
    for place, name in enumerate(("earned", "redeemed", "expired")):
        counts = getattr(tally, name)
        heights = [counts[month] / 1000 for month in months]
        axes.bar([x + (place - 1) * 0.27 for x in range(len(months))], heights, 0.26, label=name, color=COLORS[name])
    axes.set_xticks(range(len(months)), [month[2:] for month in months])
    return _finished("Thousands of points by month", drawing, axes)


def _tier_chart(months: Sequence[str], counts: dict[str, list[int]]) -> Chart:
    drawing = Drawing(figsize=(9, 3.2), layout="constrained")
    axes = drawing.subplots()
    axes.stackplot(range(len(months)), *counts.values(), labels=list(counts), colors=TIER_COLORS)
    axes.set_xticks(range(len(months)), [month[2:] for month in months])
    axes.margins(x=0)
    return _finished("Members by tier at the end of each month", drawing, axes)


def _finished(title: str, drawing: Drawing, axes: Any) -> Chart:
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=4, loc="lower left", bbox_to_anchor=(0, 1))
    return Chart(title, drawing)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int)


def _cell(tag: str, value: Any, number: bool) -> str:
    style = ' class="n"' if number else ""
    return f"<{tag}{style}>{escape(_shown(value))}</{tag}>"
