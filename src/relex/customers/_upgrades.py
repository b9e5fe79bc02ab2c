"""How customers that were stored before they were computed of records are read."""

from __future__ import annotations

from typing import Any

from relex.codec import encode
from relex.customers._events import PLAIN
from relex.parties import Record

__all__ = ["computed_of_records", "opened_with_a_record"]


def opened_with_a_record(fields: dict[str, Any]) -> dict[str, Any]:
    """What was known at the opening, as the customer's own statements."""
    name, identifiers, tags = (fields.pop(part) for part in ("name", "identifiers", "tags"))
    direct = _direct(fields["source"], fields["at"], name=name, identifiers=identifiers, tags=tags)
    return {**fields, "direct": direct, "records": [], "survivorship": encode(PLAIN)}


def computed_of_records(fields: dict[str, Any]) -> dict[str, Any]:
    """What was known of a customer, as the customer's own statements."""
    name, identifiers, tags = (fields.pop(part) for part in ("name", "identifiers", "tags"))
    values, cleared = fields.pop("attributes"), [Record.field_of(name) for name in fields.pop("cleared")]
    stated = {"name": name, "identifiers": identifiers, "tags": tags, "values": values, "cleared": cleared}
    furthest, _ = fields.pop("furthest_stage"), fields.pop("stage")  # the stage is the last of the stages
    return {
        **fields,
        "direct": _direct(fields["id"], fields["opened_at"], **stated),
        "records": [],
        "survivorship": encode(PLAIN),
        "furthest": furthest,
        "parts": [],
        "merged_into": None,
        "erased_at": None,
    }


def _direct(key: str, at: str, *, name: dict[str, Any], **stated: Any) -> dict[str, Any]:
    kind = "person" if name["type"] == "parties.PersonName" else "organization"
    nothing: dict[str, Any] = {"points": [], "relationships": [], "born": None, "preferences": None}
    nothing |= {"values": [], "cleared": [], "times": []}
    place = {"type": "parties.Record", "v": 1, "source": "direct", "key": key, "at": at, "kind": kind, "name": name}
    return {**place, **nothing, **stated}
