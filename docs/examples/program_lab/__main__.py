"""Play a year of groceries under three program designs, and write the page that compares them."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grocery_log import Log, LogError

from program_lab.lab import tried
from program_lab.page import page

if TYPE_CHECKING:
    from program_lab.lab import Lab


def count(text: str) -> int:
    """A number above 0."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not above 0")
    return number


def main(arguments: list[str] | None = None) -> int:
    """Try the designs, tell what they do, and write the page; 0, or 2 with one line that says what is wrong."""
    parser = argparse.ArgumentParser(prog="program_lab", description=__doc__)
    parser.add_argument("--households", type=count, metavar="N", help="read only the first N households")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the parquet files (default: the package's)")
    parser.add_argument("--page", type=Path, default=Path("build/program-lab.html"), help="where to write it")
    given = parser.parse_args(arguments)
    try:
        log = Log(given.data, households=given.households)
    except LogError as error:
        print(f"program_lab: {error}", file=sys.stderr)
        return 2
    lab = tried(log, told if sys.stderr.isatty() else lambda _, __: None)
    show(lab)
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(page(lab), encoding="utf-8")
    print(given.page)
    return 0


def told(name: str, done: int) -> None:
    """How far it is, in one line that is written over."""
    print(f"\r{name}: {done:,} households ", end="", file=sys.stderr)


def show(lab: Lab) -> None:
    """What the designs do, in some lines."""
    print(f"{lab.seen['purchases']:,} baskets of {lab.seen['households']:,} households, three designs")
    for trial in lab.trials:
        year = trial.year
        print(f"\n{trial.name}: {trial.words}")
        print(f"  {year.earned:,} earned, {year.redeemed:,} redeemed, {year.expired:,} expired")
        print(f"  {year.outstanding:,} outstanding; cost {year.cost().value}, liability {lab.liability(trial).total}")
    for trial, change in lab.changes():
        print(f"\nFrom today to {trial.name}: {change.winning().as_percent()} win, {change.losing().as_percent()} lose")
        for member in change.losers():
            print(f"  household {member}")
    print()


if __name__ == "__main__":
    gc.disable()  # millions of values are made and let go, and looking through them for cycles would find none
    sys.exit(main())
