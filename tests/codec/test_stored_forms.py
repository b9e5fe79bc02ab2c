"""Every class of the library that has a stored form: written, read back, and safe from damaged data."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from registry_examples import examples, load_all

from relex.codec import decode, dumps, encode, loads
from relex.codec._registry import form_of, forms
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

load_all()

VALUES = examples()
TAGS = [
    form.tag for form in forms() if form.cls.__module__.startswith("relex.") and not form.tag.startswith("example.")
]
JUNK = [None, True, -1, 10**30, 1.5, "", "\ud800", "junk", [], [1.5], {}, {"type": "no.such"}, {"a": {}}, object()]


def tag_of(value: object) -> str:
    form = form_of(type(value))
    return form.tag if form else repr(value)


EACH = pytest.mark.parametrize("value", VALUES, ids=[f"{tag_of(value)}-{n}" for n, value in enumerate(VALUES)])


@pytest.mark.parametrize("tag", TAGS)
def test_every_stored_form_has_an_example(tag: str) -> None:
    assert tag in {tag_of(value) for value in VALUES}


@EACH
def test_a_value_is_read_back_exactly(value: object) -> None:
    text = dumps(value)
    read = loads(text, type(value), zones=ZoneInfo)

    assert (read, dumps(read)) == (value, text)


@EACH
def test_damaged_data_gives_a_value_or_an_invalid_value(value: object) -> None:
    """Each field of each object taken out or replaced by something of every JSON type, one at a time."""
    refused = 0
    for damaged in damages(encode(value)):
        try:
            decode(damaged, type(value), zones=ZoneInfo)
        except InvalidValue as error:
            refused += error.path.startswith(type(value).__name__)

    assert refused > 0


def damages(stored: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in places(stored):
        for junk in JUNK:
            yield changed(stored, path, lambda parent, key, junk=junk: parent.__setitem__(key, junk))
        yield changed(stored, path, lambda parent, key: parent.__delitem__(key))
    yield stored | {"no such field": 1}


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside, the first forty of them."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, inner in items for place in ((*path, key), *places(inner, (*path, key)))][:40]


def changed(stored: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    damaged = copy.deepcopy(stored)
    parent: Any = damaged
    for key in path[:-1]:
        parent = parent[key]
    change(parent, path[-1])
    return damaged
