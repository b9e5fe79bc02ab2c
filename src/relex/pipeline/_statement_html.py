"""Commission statements as tables to look at: escaped, self-contained, without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._html import note, table, text
from relex.money import Money

if TYPE_CHECKING:
    from relex.pipeline._commission_tiers import TierPart
    from relex.pipeline._statement_parts import CommissionLine, CommissionStatement, Settlement

__all__ = ["statement_html"]


def statement_html(found: CommissionStatement) -> str:
    """The lines with their tiers, then what is paid for them."""
    titles = ("date", "credit", "credited", "tiers", "earned")
    rows = [_row(line) for line in found.lines]
    sums = (" ", "sum", found.credited, " ", found.earned)
    start, plan = found.period.start, found.plan
    caption = f"Commission of {found.payee}, {plan.every} from {start}, plan {plan.name or plan.id}"
    quota = note(f"Bounds are percent of a quota of {text(found.quota)}.") if found.quota is not None else ""
    return table(caption, titles, [*rows, sums]) + quota + table("Payment", (" ", "amount"), _paid(found.settlement))


def _row(line: CommissionLine) -> tuple[object, ...]:
    credit = line.credit
    why = "; ".join([line.reason or "", *[_told(part, credit.amount.currency) for part in line.parts]]).strip("; ")
    back = f", takes back {credit.reverses}" if credit.reverses is not None else ""
    return f"{credit.at:%Y-%m-%d}", f"{credit.id}{back}", credit.amount, why, line.earned


def _told(part: TierPart, currency: str) -> str:
    paid, held = (text(Money.rounded(number, currency)) for number in (part.paid, part.amount))
    return f"tier {part.tier}: {paid} for {held}"


def _paid(settlement: Settlement) -> list[tuple[object, ...]]:
    rows = (
        ("earned", settlement.earned),
        ("guaranteed by the draw", settlement.guaranteed),
        ("advanced", settlement.advanced),
        ("recovered of what was owed", -settlement.recovered),
    )
    return [
        *[(words, amount) for words, amount in rows if amount or words == "earned"],
        ("payable", settlement.payable),
        ("carried over as owed", settlement.closing),
    ]
