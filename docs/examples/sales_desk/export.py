"""The export of the old CRM, cleaned by stated rules; what the rules cannot mend is told, not dropped.

The file has a row for each change of a deal, newest first, and these columns:

deal_no      number of the deal, written in several ways: `D-0007`, `d7`, `D 0007`
changed      when the row became true: `2026-03-31` or `31.03.2026`
phase        such as `1 Qualify`, or the word of the old system
title        name of the deal
account      number of the account or its name, as somebody typed it
owner        e-mail, first name or id of the seller
shared       shares of the credit, such as `ann 60; bob 40`; blank is all of it for the owner
amount       `12500`, `12,500.00` or `12.500,00`, perhaps with the sign of the currency
currency     three letters; blank is EUR
expected     when it is expected to close
next_step    what is to be done next
next_due     by when
reason       why it was lost
note         more about it
competitor   who won it
"""

from __future__ import annotations

import csv
import re
from datetime import UTC
from typing import TYPE_CHECKING

from relex.parties import organization
from relex.pipeline import Opportunity
from sales_desk.company import BEGAN, CURRENCY, PIPELINE, TERRITORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from relex.pipeline import Imported

COLUMNS = {
    "id": "deal_no",
    "at": "changed",
    "stage": "phase",
    "name": "title",
    "customer": "account",
    "owner": "owner",
    "splits": "shared",
    "amount": "amount",
    "currency": "currency",
    "expected_close": "expected",
    "next_step": "next_step",
    "next_step_due": "next_due",
    "reason": "reason",
    "note": "note",
    "competitor": "competitor",
    "territory": "territory",
}

# What cells of the old system mean here; whatever is not listed is taken at its word.
ALIASES = {
    "stage": {
        "1 Qualify": "qualify",
        "2 Discover": "discover",
        "3 Propose": "propose",
        "4 Negotiate": "negotiate",
        "Angebot": "propose",
        "Closed Won": "won",
        "Closed Lost": "lost",
    },
    "owner": {"Ann": "ann", "Bob": "bob", "Cem": "cem", "Dua": "dua"},
    "customer": {"Bücher Weiß": "A-10", "BÜCHER WEISS E.K.": "A-10", "tbd": None},
    "reason": {"too expensive": "price", "later": "timing"},
}

DEAL = re.compile(r"\s*d[\s-]*0*(\d+)\s*", re.IGNORECASE)
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def imported(export: Path, accounts: Path) -> Imported:
    """The deals of an export, every refused row with its reasons, and what nobody knows."""
    known = {row["account_id"]: row for row in read(accounts)}
    rows = sorted(cleaned(read(export), known), key=lambda row: (row["deal_no"], row["changed"]))
    return Opportunity.from_rows(
        rows, PIPELINE, columns=COLUMNS, aliases=ALIASES, known={"customer": known}, currency=CURRENCY, tz=UTC
    )


def names(accounts: Path) -> dict[str, str]:
    """The name of each account."""
    return {row["account_id"]: row["name"] for row in read(accounts)}


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, each with the number of its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        return [{**row, "line": str(reader.line_num)} for row in reader]


def cleaned(rows: Iterable[dict[str, str]], accounts: dict[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same rows with keys, dates and amounts in one form, and the territory of the account."""
    by_name = {key(account["name"]): id_ for id_, account in accounts.items()}
    for row in rows:
        found = {**row}
        found["deal_no"] = DEAL.sub(lambda match: f"D-{int(match[1]):04}", row["deal_no"])
        for column in ("changed", "expected", "next_due"):
            found[column] = day(row[column])
        found["amount"] = amount(row["amount"])
        found["owner"] = row["owner"].split("@")[0].strip()
        account = row["account"].strip()
        found["account"] = account if account in accounts else by_name.get(key(account), account)
        found["territory"] = territory(accounts.get(found["account"]))
        yield found


def key(name: str) -> str | None:
    """What the names of accounts are compared by: without case, accents, spaces and legal form."""
    found = organization(name)
    return None if found is None else found.core


def day(cell: str) -> str:
    """Day, month and year in the order of a date; anything else as it is."""
    match = DAY.fullmatch(cell.strip())
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else cell


def amount(cell: str) -> str:
    """Plain digits: the last sign is the decimal point when two digits follow it, all others part thousands."""
    digits = re.sub(r"[^\d.,-]", "", cell)
    whole, point, cents = digits[:-3], digits[-3:-2], digits[-2:]
    if point in {".", ","}:
        return f"{re.sub('[.,]', '', whole)}.{cents}"
    return re.sub("[.,]", "", digits) if digits else cell


def territory(account: dict[str, str] | None) -> str:
    """The first territory of an account; blank where nobody knows it."""
    if account is None:
        return ""
    facts = {"id": account["account_id"], "country": account["country"] or None}
    return TERRITORIES.territories_of(facts, as_of=BEGAN).primary or ""
