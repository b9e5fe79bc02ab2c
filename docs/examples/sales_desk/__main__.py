"""Read the export of a pipeline, tell forecast, movements and commissions on the terminal, and write the page."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sales_desk import sample
from sales_desk.company import TEAM
from sales_desk.desk import asked
from sales_desk.export import imported, names
from sales_desk.page import page

if TYPE_CHECKING:
    from relex.pipeline import Bridge, Forecast, Imported
    from sales_desk.desk import Desk


def instant(text: str) -> datetime:
    """A date and perhaps a time; without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def main(arguments: list[str] | None = None) -> int:
    """Read the files and write a page; 2 when they cannot be read."""
    parser = argparse.ArgumentParser(prog="sales_desk", description=__doc__)
    parser.add_argument("--export", type=Path, help="the export as CSV, with the accounts; without them, sample data")
    parser.add_argument("--accounts", type=Path, help="the accounts as CSV: account_id, name, country")
    parser.add_argument("--as-of", type=instant, default=instant("2026-06-15T18:00"), help="the instant of all figures")
    parser.add_argument("--since", type=instant, default=instant("2026-06-01"), help="from when on movements are told")
    parser.add_argument("--page", type=Path, default=Path("build/sales-desk.html"), help="where to write the page")
    given = parser.parse_args(arguments)
    try:
        if given.export is None or given.accounts is None:
            given.export, given.accounts = sample.write(given.page.parent / "sales-desk")
        desk = asked(imported(given.export, given.accounts), names(given.accounts), given.as_of, given.since)
    except (OSError, LookupError, ValueError) as error:
        print(f"sales_desk: the export cannot be read: {error}", file=sys.stderr)
        return 2
    show(desk)
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(page(desk), encoding="utf-8")
    print(given.page)
    return 0


def show(desk: Desk) -> None:
    """What the desk sees, in some lines."""
    show_import(desk.imported)
    show_forecast(desk.view)
    show_bridge(desk.bridge)
    print("\ncommissions")
    for each in desk.paid:
        print(f"  {each}")
    for deal, reason in desk.credited.left_out:
        print(f"  {deal} credits nobody: {reason}")
    print()


def show_import(found: Imported) -> None:
    """What was read, and every row that was not."""
    print(found)
    for row in sorted(found.refused, key=lambda row: int(row.row["line"])):
        print(f"  line {row.row['line']}: {'; '.join(map(str, row.problems))}")
    for aside in found.set_aside:
        print(f"  nobody knows the {aside.field} {aside.value!r}; the deal was read without it")


def show_forecast(view: Forecast) -> None:
    """What each seller brings in, rolled up over the team."""
    print(f"\nforecast of the quarter from {view.question.period.start}, as of {view.question.as_of:%d %B %Y}")
    for row in view.rows("commit_forecast"):
        name = f"{'  ' * TEAM.depth(row.subject)}{row.subject}"
        open_, closed = view.under(row.subject).amount("open_pipeline"), view.under(row.subject).amount("closed")
        print(f"  {name:10} closed {closed.show():>12}  commit {row.effective!s:>16}  open {open_.show():>12}")
    print(f"  weighted: {view.weighted().show()}, overdue: {len(view.overdue)}, no date: {len(view.without_date)}")


def show_bridge(bridge: Bridge) -> None:
    """What moved: before and all lines make after."""
    print(f"\nmoved since {bridge.since:%d %B %Y}")
    print(f"  {'before':12} {', '.join(map(str, bridge.before)):>16}")
    for kind in dict.fromkeys(line.kind for line in bridge.lines):
        print(f"  {kind:12} {', '.join(map(str, bridge.amounts(kind))):>16}  ({len(bridge.of(kind))} deals)")
    print(f"  {'after':12} {', '.join(map(str, bridge.after)):>16}")


if __name__ == "__main__":
    sys.exit(main())
