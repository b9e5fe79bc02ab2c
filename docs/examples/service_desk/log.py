"""The log of the old system, read into cases by stated columns; what cannot be read is told, not dropped.

Each row tells one event, oldest first within a ticket, in these columns (another file names its own, see `--columns`):

ticket    number of the ticket
time      when it happened, such as `2026-03-31T09:12:00+02:00`; without a zone it is the time of the office
what      opened, received, replied, assigned, moved, priority, status, resolved, closed or merged
value     the message, the agent, the team, the priority, the status, the code of the solution or the other ticket
status    the status that goes with it, where it changes too
by        who wrote the message
customer, contact, channel, type, priority, product, team, subject    with the first row
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import attrs

from relex.service import Case, entitled
from service_desk.company import ENTITLEMENTS, FLOW, POLICIES, ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from relex.service import ImportedCases

COLUMNS = {
    "id": "ticket",
    "at": "time",
    "event": "what",
    **{name: name for name in ("value", "status", "by", "customer", "contact", "channel", "type", "priority")},
    **{name: name for name in ("product", "team", "subject")},
}

# What the words of the old system mean here; whatever is not listed is taken at its word.
ALIASES = {
    "event": {"assigned": "owner", "moved": "team"},
    "status": {"customer": "waiting_customer", "supplier": "waiting_third_party"},
}


def imported(path: Path, columns: Mapping[str, str] = COLUMNS, *, snapshots: bool = False) -> ImportedCases:
    """The cases of a log, every refused row with its reasons, and what nobody knows.

    Args:
        path: A CSV file.
        columns: Which column tells which field of a case.
        snapshots: Whether each row repeats the whole ticket; otherwise each tells one event.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, restval="")
        read = Case.from_snapshots if snapshots else Case.from_log
        return read(rows, FLOW, columns=columns, aliases=ALIASES, tz=ZONE)


def promised(case: Case) -> Case:
    """The case with what it was promised at its opening, which the log does not tell."""
    opened = Case(case.history[:1])
    owed = entitled(opened, ENTITLEMENTS, as_of=opened.opened_at)
    choice = POLICIES.choose(opened, as_of=opened.opened_at, entitlement=owed)
    promise = opened.choose_policy(choice, at=opened.opened_at).events
    later = [attrs.evolve(event, version=event.version + len(promise)) for event in case.history[1:]]
    return Case([*opened.history, *promise, *later])
