"""Sample data: the export of half a year of selling, as dirty as exports are, the same for the same seed."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SEED = 20260615
DEALS = 110
FIRST, LAST = date(2025, 10, 6), date(2026, 6, 15)
FIELDS = (
    "deal_no",
    "changed",
    "phase",
    "title",
    "account",
    "owner",
    "shared",
    "amount",
    "currency",
    "expected",
    "next_step",
    "next_due",
    "reason",
    "note",
    "competitor",
)
PHASES = ("1 Qualify", "2 Discover", "3 Propose", "4 Negotiate")
ACCOUNTS = (
    ("A-01", "Berg GmbH", "DE"),
    ("A-02", "Nordlys AS", "NO"),
    ("A-03", "Café Lumière SARL", "FR"),
    ("A-04", "Müller & Söhne AG", "CH"),
    ("A-05", "Holm AB", "SE"),
    ("A-06", "Kivi Oy", "FI"),
    ("A-07", "Donau Papier GmbH", "AT"),
    ("A-08", "Molino Rossi S.r.l.", "IT"),
    ("A-09", "Havn ApS", "DK"),
    ("A-10", "Bücher Weiß e.K.", "DE"),
    ("A-11", "Fjord Seafood AS", "NO"),
    ("A-12", "Alpen Sport AG", "CH"),
    ("A-13", "Atelier Dubois SAS", "FR"),
    ("A-14", "Stein & Kern KG", "DE"),
)
NOBODY_KNOWS = ("Zephyr Ltd", "Acme (old)", "K. Weber")
SUBJECTS = ("new shop floor", "spare parts", "service contract", "pilot", "second site", "renewal", "training")
TEAM = {"ann": "bob", "bob": "ann", "cem": "dua", "dua": "cem"}
STEPS = ("call back", "send the offer", "visit", "ask the buyer", "show the demo")


def write(folder: Path, seed: int = SEED) -> tuple[Path, Path]:
    """The two files of a folder: the export and the list of accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    export, accounts = folder / "export.csv", folder / "accounts.csv"
    _write(export, FIELDS, rows(seed))
    names = ("account_id", "name", "country")
    _write(accounts, names, [dict(zip(names, account, strict=True)) for account in ACCOUNTS])
    return export, accounts


def rows(seed: int = SEED) -> list[dict[str, str]]:
    """Every change of every deal, newest first, then what nobody should have typed."""
    chance = Random(seed)  # noqa: S311 - sample data
    found = [row for number in range(1, DEALS + 1) for row in _deal(number, chance)]
    found += _returned()
    found += [chance.choice(found) for _ in range(3)]  # rows that were exported twice
    found.sort(key=lambda row: row["changed"], reverse=True)
    return [_dirty(row, chance) for row in found] + _broken()


def _deal(number: int, chance: Random) -> Iterable[dict[str, str]]:
    """The life of one deal, a row for each change."""
    at = FIRST + timedelta(days=chance.randrange(240))
    account = chance.choice(ACCOUNTS)[0]
    owner = chance.choice(sorted(TEAM))
    state: dict[str, Any] = {
        "deal_no": f"D-{number:04}",
        "title": chance.choice(SUBJECTS),
        "account": account,
        "owner": owner,
        "shared": f"{owner} 70; {TEAM[owner]} 30" if chance.random() < 0.15 else "",
        "amount": str(chance.randrange(4, 60) * 500 + chance.randrange(0, 2) * 20_000),
        "currency": {"CH": "CHF", "SE": "SEK"}.get(_country(account), "EUR"),
        "expected": at + timedelta(days=chance.randrange(30, 110)),
        "phase": PHASES[0],
    }
    if state["currency"] == "SEK":
        state["amount"] += "0"
    place = 0
    while at <= LAST:
        yield _row(state, at, _next_step(at, chance) if chance.random() < 0.7 else None)
        at += timedelta(days=chance.randrange(6, 34))
        if state["phase"] in {"Closed Won", "Closed Lost"}:
            if chance.random() < 0.12 and state["phase"] == "Closed Won":  # the customer steps back
                state["phase"], place = PHASES[3], 3
                continue
            return
        place = _onward(state, place, at, chance)


def _onward(state: dict[str, Any], place: int, at: date, chance: Random) -> int:
    """What happens to a deal next."""
    luck = chance.random()
    if luck < 0.06 + 0.03 * place:
        state["phase"] = "Closed Lost"
        state["reason"] = chance.choice(("price", "later", "too expensive", "competitor", "other"))
        state["note"] = "no budget" if state["reason"] == "other" else ""
        state["competitor"] = "Kontor 24" if state["reason"] == "competitor" else ""
        return place
    if place == len(PHASES) - 1:
        if luck > 0.45:
            state["phase"] = "Closed Won"
            return place
        state["expected"] = max(state["expected"], at) + timedelta(days=chance.randrange(10, 40))
        return place
    if luck > 0.85:  # nothing but a new amount
        state["amount"] = str(max(1_000, int(state["amount"]) + chance.choice((-2_000, 3_000, 5_000))))
        return place
    state["phase"] = PHASES[place + 1]
    if luck > 0.7:
        state["expected"] += timedelta(days=chance.randrange(-20, 45))
    return place + 1


def _next_step(at: date, chance: Random) -> tuple[str, date]:
    return chance.choice(STEPS), at + timedelta(days=chance.randrange(5, 60))


def _row(state: dict[str, Any], at: date, step: tuple[str, date] | None) -> dict[str, str]:
    row = dict.fromkeys(FIELDS, "") | {name: str(value) for name, value in state.items()}
    closing = state["phase"].startswith("Closed")
    row |= {} if closing else {"reason": "", "note": "", "competitor": ""}
    if step is not None and not closing:
        row |= {"next_step": step[0], "next_due": str(step[1])}
    return row | {"changed": str(at)}


def _country(account: str) -> str:
    return next(country for id_, _, country in ACCOUNTS if id_ == account)


def _dirty(row: dict[str, str], chance: Random) -> dict[str, str]:
    """The same row as somebody typed it: its meaning is the same."""
    number = int(row["deal_no"][2:])
    name = next(name for id_, name, _ in ACCOUNTS if id_ == row["account"])
    value = int(row["amount"])
    return row | {
        "deal_no": chance.choice((row["deal_no"], row["deal_no"], f"d{number}", f"D {number:04}")),
        "account": chance.choice((row["account"], name, name.upper(), f" {name.rsplit(' ', 1)[0]} ")),
        "owner": chance.choice((row["owner"], row["owner"].title(), f"{row['owner']}@desk.example")),
        "amount": chance.choice((str(value), f"{value:,}.00", f"{value:,}".replace(",", ".") + ",00", f"€ {value}")),
        "expected": chance.choice((row["expected"], _german(row["expected"]))),
    }


def _german(day: str) -> str:
    year, month, number = day.split("-")
    return f"{number}.{month}.{year}"


def _returned() -> list[dict[str, str]]:
    """A deal that was won in one quarter and fell through in the next."""
    state = {
        "deal_no": "D-0500",
        "title": "second site",
        "account": "A-07",
        "owner": "cem",
        "amount": "48000",
        "currency": "EUR",
        "expected": "2026-03-20",
    }
    lived = (
        ("2025-12-01", PHASES[1], ""),
        ("2026-01-20", PHASES[3], ""),
        ("2026-03-10", "Closed Won", ""),
        ("2026-04-22", PHASES[3], ""),
        ("2026-05-12", "Closed Lost", "later"),
    )
    return [
        _row({**state, "phase": phase, "reason": reason}, date.fromisoformat(at), None) for at, phase, reason in lived
    ]


def _broken() -> list[dict[str, str]]:
    """Rows that no rule mends, and deals of accounts that nobody knows."""
    plain = dict.fromkeys(FIELDS, "") | {"phase": PHASES[0], "owner": "ann", "changed": "2026-05-04", "amount": "9000"}
    wrong = [
        {"deal_no": "D-0901", "changed": "31.02.2026"},
        {"deal_no": "D-0902", "phase": "Waiting"},
        {"deal_no": "D-0903", "amount": "ask Cem"},
        {"deal_no": "D-0904", "phase": "3 Propose", "account": NOBODY_KNOWS[0]},
        {"deal_no": "D-0905", "phase": "Closed Lost"},
        {"deal_no": "D-0906", "phase": "3 Propose", "account": "tbd"},
        {"deal_no": ""},
    ]
    aside = [
        {"deal_no": f"D-091{place}", "account": name, "title": "first contact", "expected": "2026-07-31"}
        for place, name in enumerate(NOBODY_KNOWS)
    ]
    return [plain | row for row in [*wrong, *aside]]


def _write(path: Path, names: Iterable[str], found: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tuple(names))
        writer.writeheader()
        writer.writerows(found)
