"""Documents: the newest version of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.errors import Conflict, InvalidValue
from relex.interactions import DocumentRef, latest

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def version(number: int, id: str = "d1", **fields: Any) -> DocumentRef:  # noqa: A002 - as the field
    at = DAY + timedelta(days=number)
    return DocumentRef(**({"id": id, "version": number, "name": "offer.pdf", "at": at} | fields))


def test_the_newest_version_of_each_comes_by_id() -> None:
    found = latest([version(1, "d2"), version(1), version(3), version(2)])

    assert [(ref.id, ref.version) for ref in found] == [("d1", 3), ("d2", 1)]


def test_as_of_an_instant_later_versions_do_not_exist() -> None:
    given = [version(1), version(2), version(2, "d2")]

    assert [(ref.id, ref.version) for ref in latest(given, as_of=DAY + timedelta(days=1))] == [("d1", 1)]


def test_a_version_that_is_stated_again_has_its_latest_statement() -> None:
    renamed = version(1, name="offer-1.pdf", at=DAY + timedelta(days=9))

    assert latest([version(1), renamed, version(1)]) == (renamed,)


def test_one_version_with_two_digests_is_a_conflict() -> None:
    with pytest.raises(Conflict) as caught:
        latest([version(1, digest="sha256:a"), version(1, digest="sha256:b")])

    assert caught.value.id == "d1@1"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"version": 0}, "DocumentRef.version"),
        ({"size": -1}, "DocumentRef.size"),
        ({"name": ""}, "DocumentRef.name"),
        ({"at": datetime(2026, 5, 1)}, "DocumentRef.at"),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        version(1, **fields)

    assert path == caught.value.path


@pytest.mark.parametrize(
    ("given", "as_of", "path"),
    [([3], None, "latest.refs"), ("d", None, "latest.refs"), ([], datetime(2026, 5, 1), "latest.as_of")],  # noqa: DTZ001 - what is refused
)
def test_wrong_arguments_are_named(given: Any, as_of: datetime | None, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        latest(given, as_of=as_of)

    assert path == caught.value.path


def test_it_shows_its_version() -> None:
    assert str(version(2)) == "offer.pdf, version 2"


def test_facts() -> None:
    found = version(2, by="ann", size=9).facts()

    assert tuple(found[name] for name in ("kind", "id", "document.version", "document.size", "document.by")) == (
        "document",
        "d1",
        2,
        9,
        "ann",
    )
