"""The three sources, each read as it is: what cannot be right is kept, so that the assessment can say so."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relex.parties import ContactPoint, PersonName, PostalAddress, Preferences, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(__file__).parent / "sources"
FAMILY_FIRST = {"CN", "JP"}


def records(folder: Path = SOURCES) -> list[Record]:
    """Everything that the three sources say."""
    return [*shop(folder / "shop.csv"), *crm(folder / "crm.json"), *calls(folder / "calls.csv")]


def shop(path: Path) -> Iterator[Record]:
    """The web shop: what customers typed themselves."""
    for row in rows(path):
        yield Record(
            "shop",
            row["customer_no"],
            datetime.fromisoformat(row["changed"]),
            name=PersonName(given=row["first_name"], family=row["last_name"], order=order(row["country"])),
            points=[
                ContactPoint("email", row["email"]),
                ContactPoint("phone", row["phone"], region=row["country"]),
                address(row["street"], row["city"], row["postal_code"], row["country"]),
            ],
            born=date.fromisoformat(row["birthday"]) if row["birthday"] else None,
            preferences=Preferences(languages=[row["language"]]),
        )


def crm(path: Path) -> Iterator[Record]:
    """The export of the CRM: what sales people keep, some of it years old."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        place = row["address"]
        points = [ContactPoint("email", row["mail"]), ContactPoint("phone", row["mobile"], region=row["region"])]
        if place is not None:
            points.append(address(place["street"], place["city"], place["postal"], place["country"]))
        yield Record(
            "crm",
            row["id"],
            datetime.fromisoformat(row["modified"]),
            name=crm_name(row),
            points=points,
            values={"title": row["title"], "lead_source": row["lead_source"]},
        )


def crm_name(row: dict[str, Any]) -> PersonName:
    """A name in one field is split where a space tells how; its reading is kept beside it."""
    kana = row.get("kana", {})
    if "full_name" not in row:
        return PersonName(given=row["first"], family=row["last"], order="given-first")
    family, given = row["full_name"].split(" ")
    return PersonName(
        row["full_name"],
        family=family,
        given=given,
        order="family-first",
        family_phonetic=kana.get("family"),
        given_phonetic=kana.get("given"),
    )


def calls(path: Path) -> Iterator[Record]:
    """The call center: what was heard, and the number on the display."""
    for row in rows(path):
        points = [ContactPoint("phone", row["caller"], region=row["country"])]
        if row["heard_email"]:
            points.append(ContactPoint("email", row["heard_email"]))
        yield Record(
            "calls",
            row["call_id"],
            datetime.fromisoformat(row["taken_at"]),
            name=PersonName(row["heard_name"]),
            points=points,
            values={"note": row["note"]},
        )


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def address(street: str, city: str, code: str, country: str) -> ContactPoint:
    """A postal address."""
    return ContactPoint("postal", PostalAddress(street=street, city=city, postal_code=code, country=country))


def order(country: str) -> str:
    """The order in which a shop of this country shows a name."""
    return "family-first" if country in FAMILY_FIRST else "given-first"
