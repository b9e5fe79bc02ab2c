"""Read the log of a service desk, tell promises, backlog, queue and escalations, and write or serve the page."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service_desk import calls, sample
from service_desk.company import ZONE
from service_desk.desk import asked
from service_desk.log import COLUMNS, imported
from service_desk.page import MILESTONES, SHOWN, page, shown, whole

if TYPE_CHECKING:
    from service_desk.desk import Desk


def instant(text: str) -> datetime:
    """A date and perhaps a time; without a zone it is the time of the office."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=ZONE)


def column(text: str) -> tuple[str, str]:
    """A field of a case and the column that tells it, such as `id=Ticket`."""
    field, sign, name = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"field=column, not {text}")
    return field, name


def main(arguments: list[str] | None = None) -> int:
    """Read the file and write a page; 2 when it cannot be read."""
    parser = argparse.ArgumentParser(prog="service_desk", description=__doc__)
    parser.add_argument("--csv", type=Path, help="a log of tickets; without it, a year of sample data")
    parser.add_argument("--columns", type=column, nargs="+", metavar="FIELD=COLUMN", help="its columns, such as id=Nr")
    parser.add_argument("--snapshots", action="store_true", help="each row repeats the whole ticket")
    parser.add_argument("--calls", type=Path, help="a log of calls, with the columns of the sample")
    parser.add_argument("--as-of", type=instant, help="the instant of all questions; by default the last event")
    parser.add_argument("--case", help="the one case that is shown line by line")
    parser.add_argument("--page", type=Path, default=Path("build/service-desk.html"), help="where to write the page")
    parser.add_argument("--serve", type=int, metavar="PORT", help="serve the page on this port until interrupted")
    given = parser.parse_args(arguments)
    try:
        desk = read(given)
    except (OSError, LookupError, ValueError) as error:
        print(f"service_desk: the log cannot be read: {error}", file=sys.stderr)
        return 2
    show(desk)
    written = page(desk)
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(written, encoding="utf-8")
    print(given.page)
    if given.serve is not None:
        server(given.serve, written).serve_forever()
    return 0


def read(given: argparse.Namespace) -> Desk:
    """Everything that is asked of the file, or of the sample."""
    if given.csv is None:
        directory = given.page.parent / "service-desk"
        found = imported(sample.write(directory))
        given.calls = given.calls or calls.write(directory)
        given.as_of = given.as_of or instant("2026-06-30T17:30")
    else:
        found = imported(given.csv, dict(given.columns or COLUMNS), snapshots=given.snapshots)
    if not found.cases:
        raise ValueError(f"{found}; {'; '.join(map(str, found.refused[:3]))}")
    attempts = None if given.calls is None else calls.read(given.calls)
    return asked(found, given.as_of or max(case.changed_at for case in found.cases), given.case, attempts)


def show(desk: Desk) -> None:
    """What the desk sees, in some lines."""
    print(desk.imported)
    for row in (*desk.imported.refused, *desk.imported.set_aside)[:SHOWN]:
        print(f"  {row}")
    show_promises(desk)
    show_figures(desk)
    show_backlog(desk)
    show_calls(desk)
    print(f"\n{desk.queue}")
    for place in desk.queue.places[:5]:
        print(f"  {place}")
    print("\nto be told now")
    for due in desk.due:
        print(f"  {due}")
    print()


def show_promises(desk: Desk) -> None:
    """How many promises were kept, by milestone and priority."""
    print(f"\npromises as of {desk.as_of:%d %B %Y, %H:%M}")
    groups = (None, *desk.report.groups)
    print(f"  {'':16}" + "".join(f"{'all' if group is None else group[0]:>10}" for group in groups))
    for name in MILESTONES:
        cells = [shown(desk.report.figure(f"sla_rate.{name}", group)) for group in groups]
        print(f"  {name.replace('_', ' '):16}" + "".join(f"{cell:>10}" for cell in cells))


def show_figures(desk: Desk) -> None:
    """The other figures, each with its counts."""
    print("\nfigures")
    for place, name in enumerate(desk.report.columns):
        if not name.startswith("sla_rate."):
            print(f"  {name:32} {shown(desk.report.rows[0].figures[place]):>14}")


def show_backlog(desk: Desk) -> None:
    """The backlog at the end of each month, and how old it is."""
    print("\nbacklog at the end of each month")
    ends = {day.strftime("%Y-%m"): figure for day, figure in desk.by_day.series("backlog.cases")}
    for month, figure in ends.items():
        print(f"  {month} {figure.value:>5}  {'#' * (whole(figure.value) // 2)}")
    for name in desk.ages.columns:
        print(f"  {name:32} {shown(desk.ages.figure(name)):>14}")


def show_calls(desk: Desk) -> None:
    """How fast calls were answered."""
    if desk.calls is not None:
        print("\ncalls")
        for name, figure in zip(desk.calls.columns, desk.calls.rows[0].figures, strict=True):
            print(f"  {name:32} {shown(figure):>14}")


def server(port: int, text: str) -> HTTPServer:
    """What serves one page to this machine."""
    return HTTPServer(("127.0.0.1", port), partial(Page, text))


class Page(BaseHTTPRequestHandler):
    """The same page for every question."""

    def __init__(self, text: str, *given: Any) -> None:
        self.body = text.encode()
        super().__init__(*given)

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing of each question."""


if __name__ == "__main__":
    sys.exit(main())
