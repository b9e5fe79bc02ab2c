"""Follow a year of feedback, from invitations to follow-ups and money, and write the page."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voice_of_customer import sample
from voice_of_customer.company import NOW, ZONE
from voice_of_customer.page import page
from voice_of_customer.voice import listened

if TYPE_CHECKING:
    from voice_of_customer.sample import Year
    from voice_of_customer.voice import Voice


def instant(text: str) -> datetime:
    """A date and perhaps a time; without a zone it is the time of the office."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=ZONE)


def main(arguments: list[str] | None = None) -> int:
    """Make the year, tell what it says, and write the page."""
    parser = argparse.ArgumentParser(prog="voice_of_customer", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="of the year that could have been")
    parser.add_argument("--accounts", type=int, default=200, help="how many cafés")
    parser.add_argument("--as-of", type=instant, default=NOW, help="the instant of all questions")
    parser.add_argument("--page", type=Path, default=Path("build/voice-of-customer.html"), help="where to write it")
    given = parser.parse_args(arguments)
    year = sample.year(given.seed, given.accounts)
    voice = listened(year, given.as_of)
    show(year, voice)
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(page(voice), encoding="utf-8")
    print(given.page)
    return 0


def show(year: Year, voice: Voice) -> None:
    """What the year says, in some lines."""
    sent = sum(each.status == "sent" for each in year.invitations)
    print(f"{len(year.purchases):,} deliveries, {sent:,} of {len(year.invitations):,} invitations sent")
    print(f"{len(year.refused)} fields of answers that could not be read\n")
    print(voice.reading, voice.reading.interval(), sep=": ")
    print(voice.drop_off)
    for name in ("RR2", "RR6"):
        print(f"{name} {voice.rates.rate(name).as_percent()}")
    print(f"\n{voice.trend}\n\n{voice.drivers}\n\n{voice.topics}\n")
    print(voice.accounts, voice.revenue, voice.risk, voice.worth, sep="\n")
    print(f"\n{len(voice.cases)} follow-ups: {voice.board}")
    print(voice.loop)
    print(voice.proposals)
    for due in voice.due:
        print(f"  {due}")
    print()


if __name__ == "__main__":
    sys.exit(main())
