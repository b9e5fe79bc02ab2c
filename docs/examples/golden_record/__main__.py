"""Tell the story on the terminal, and write the page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from golden_record.page import page
from golden_record.readers import SOURCES, records
from golden_record.story import told

if TYPE_CHECKING:
    from golden_record.story import Story


def main(arguments: list[str] | None = None) -> int:
    """Read the sources of a folder and write a page; 2 when they cannot be read."""
    parser = argparse.ArgumentParser(prog="golden_record", description=__doc__)
    parser.add_argument("--sources", type=Path, default=SOURCES, help="a folder with shop.csv, crm.json and calls.csv")
    parser.add_argument("--page", type=Path, default=Path("build/golden-record.html"), help="where to write the page")
    given = parser.parse_args(arguments)
    try:
        story = told(records(given.sources))
    except (OSError, LookupError, ValueError) as error:
        print(f"golden_record: the sources cannot be read: {error}", file=sys.stderr)
        return 2
    show(story)
    given.page.parent.mkdir(parents=True, exist_ok=True)
    given.page.write_text(page(story), encoding="utf-8")
    print(given.page)
    return 0


def show(story: Story) -> None:
    """The story in some lines."""
    print("by the rules alone:", story.automatic)
    print("with the answers:  ", story.resolved)
    for customer in story.customers:
        sources = " ".join(record.ref for record in customer.records)
        print(f"  {customer.id:4} {customer.name!s:24} {sources}")
    print(f"merged by hand: {story.merged.other.id} into {story.merged.survivor.id}")
    print(story.merged.report)
    print(f"taken back: {story.parted.report}")


if __name__ == "__main__":
    sys.exit(main())
