"""Tags, versions and upgrades."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Protocol, runtime_checkable

import attrs
import pytest
import stored_values
from stored_values import Leaf, Stuck, Versioned

from relex.codec import decode, encode, tagged, upgrade
from relex.errors import InvalidValue


@runtime_checkable
class Anything(Protocol):
    """What every class is an instance of."""


@pytest.mark.parametrize("tag", ["", 7, "x" * 101, None])
def test_a_tag_is_a_short_str(tag: Any) -> None:
    with pytest.raises(InvalidValue, match=r"tagged.tag: expected a str of 1 to 100 characters"):
        tagged(tag)


@pytest.mark.parametrize("version", [0, -1, True, "1", 1.0])
def test_a_version_counts_from_one(version: Any) -> None:
    with pytest.raises(InvalidValue, match=r"tagged.version: expected an int of at least 1"):
        tagged("test.Fresh", version)


def test_only_attrs_classes_have_a_stored_form() -> None:
    with pytest.raises(InvalidValue, match=r"tagged stands above attrs.frozen"):
        tagged("test.Plain")(ModuleType)


def test_a_field_may_not_take_the_place_of_the_tag() -> None:
    @attrs.frozen
    class Typed:
        type: str
        v: int

    with pytest.raises(InvalidValue, match="fields of other names than type, v"):
        tagged("test.Typed")(Typed)


def test_a_tag_belongs_to_one_class() -> None:
    @attrs.frozen
    class Other:
        pass

    with pytest.raises(InvalidValue, match=r"still free \(it belongs to stored_values.Leaf\)"):
        tagged("test.Leaf")(Other)


def test_a_class_may_come_again() -> None:
    """As it does when a notebook runs a cell a second time; the latest class is the one that is built."""

    def cell() -> type:
        @tagged("test.Again")
        @attrs.frozen
        class Again:
            x: int = 0

        return Again

    cell()
    latest = cell()

    assert type(decode({"type": "test.Again", "v": 1, "x": 1}, latest)) is latest


def test_a_version_has_one_upgrade() -> None:
    def other(fields: dict[str, Any]) -> dict[str, Any]:
        return fields

    with pytest.raises(InvalidValue, match=r"a version of test.Versioned without an upgrade"):
        upgrade("test.Versioned", 1)(other)


def test_an_upgrade_may_come_again() -> None:
    again = upgrade("test.Versioned", from_version=1)(stored_values.name_it)

    assert again is stored_values.name_it


@pytest.mark.parametrize(
    "stored",
    [{"v": 1, "title": "A"}, {"v": 2, "name": "A"}, {"v": 3, "name": "A", "points": 0}],
    ids=["two upgrades", "one upgrade", "current"],
)
def test_every_older_version_is_read(stored: dict[str, Any]) -> None:
    assert decode({"type": "test.Versioned", **stored}, Versioned) == Versioned("A", 0)


def test_reading_an_older_version_leaves_the_data_as_it_is() -> None:
    stored = {"type": "test.Versioned", "v": 1, "title": "A"}

    decode(stored, Versioned)

    assert stored == {"type": "test.Versioned", "v": 1, "title": "A"}


def test_the_current_version_is_written() -> None:
    assert encode(Versioned("A", 0))["v"] == 3


@pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None, [], 10**400])
def test_a_version_that_never_was_is_refused(version: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode({"type": "test.Leaf", "v": version, "points": 0}, Leaf)

    assert caught.value.path == "Leaf.v"


def test_a_newer_version_is_refused_and_says_so() -> None:
    with pytest.raises(InvalidValue, match=r"Leaf.v: expected test.Leaf of version 1 or older \(a newer release"):
        decode({"type": "test.Leaf", "v": 2, "points": 0}, Leaf)


def test_a_version_without_an_upgrade_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"Stuck.v: expected version 3 of test.Stuck \(no upgrade from 1 is known\)"):
        decode({"type": "test.Stuck", "v": 1, "name": "A"}, Stuck)


@pytest.mark.parametrize("stored", [{"name": "A"}, {"title": "A"}], ids=["gives no fields", "fails"])
def test_an_upgrade_that_goes_wrong_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=r"fields that test.Stuck had in version 2"):
        decode({"type": "test.Stuck", "v": 2, **stored}, Stuck)


def test_an_unknown_tag_names_the_near_one() -> None:
    with pytest.raises(InvalidValue, match=r"did you mean test.Leaf\?") as caught:
        decode({"type": "test.Laef", "v": 1}, stored_values.Node)

    assert caught.value.path == "Node.type"
    assert "one of test.Branch, test.Leaf, test.Pair" in caught.value.expected


@pytest.mark.parametrize("tag", [None, 7, [], {}, "x" * 1000, "test.Versioned", "\ud800"], ids=repr)
def test_a_tag_that_does_not_belong_is_refused(tag: Any) -> None:
    with pytest.raises(InvalidValue):
        decode({"type": tag, "v": 1}, stored_values.Node)


def test_a_long_list_of_tags_is_cut() -> None:
    with pytest.raises(InvalidValue, match=", …"):
        decode({"type": "test.Absent", "v": 1}, Anything)


def test_a_class_without_stored_forms_is_told() -> None:
    with pytest.raises(InvalidValue, match="expected a tag that is registered"):
        decode({"type": "test.Leaf", "v": 1}, stored_values.Untagged)
