"""Stored forms as dicts and as text, and everything hostile that may come instead."""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
from stored_values import Branch, Leaf, Moody, Node, Nothing, Pair, Scalars, Untagged, Versioned

from relex.codec import _text, _walk, decode, dumps, encode, loads
from relex.errors import InvalidValue
from relex.purchases import Line

LEAF = {"type": "test.Leaf", "v": 1, "points": 1}


def nested(depth: int) -> Node:
    node: Node = Leaf()
    for _ in range(depth - 1):
        node = Branch((node,))
    return node


def nested_data(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = dict(LEAF)
    for _ in range(depth - 1):
        data = {"type": "test.Branch", "v": 1, "kids": [data]}
    return data


def test_every_field_is_written_in_the_order_of_the_class() -> None:
    """Defaults too, so that another default in a later release changes nothing that is stored."""
    assert list(encode(Scalars())) == [
        *("type", "v", "text", "count", "flag", "number", "ratio", "day", "clock", "at", "span", "zone", "color"),
        *("level", "price", "maybe"),
    ]


def test_text_is_compact_and_keeps_its_characters() -> None:
    assert dumps(Versioned("Malmö", 3)) == '{"type":"test.Versioned","v":3,"name":"Malmö","points":3}'


def test_bytes_are_utf8() -> None:
    assert loads(dumps(Versioned("Malmö", 3)).encode(), Versioned) == Versioned("Malmö", 3)


def test_a_class_without_fields_is_its_tag() -> None:
    assert (dumps(Nothing()), loads('{"type":"test.Nothing","v":1}', Nothing)) == (
        '{"type":"test.Nothing","v":1}',
        Nothing(),
    )


def test_what_encode_gives_belongs_to_the_caller() -> None:
    first = encode(Branch((Leaf(1),)))
    first["kids"].append("x")

    assert encode(Branch((Leaf(1),)))["kids"] == [LEAF]


def test_decoding_leaves_the_data_as_it_is() -> None:
    data = nested_data(3)
    before = copy.deepcopy(data)

    decode(data, Node)

    assert data == before


@pytest.mark.parametrize("value", [Untagged(), 1, "a", None, Leaf, pytest.param(object(), id="object")], ids=repr)
def test_only_values_with_a_stored_form_are_written(value: object) -> None:
    with pytest.raises(InvalidValue, match="expected an instance of a class that has a stored form"):
        encode(value)


MISFITS = [
    ({"type": "test.Leaf", "v": 1}, "Leaf.points", "a value \\(test.Leaf has type, v, points\\)"),
    ({"type": "test.Leaf", "v": 1, "point": 1}, "Leaf", "no key that is not its own .*, got 'point'"),
    ({**LEAF, "more": 1}, "Leaf", "no key that is not its own"),
    ({**LEAF, 7: 1}, "Leaf", "got 7"),
    ({"type": "test.Leaf", "points": 1}, "Leaf.v", "the version of test.Leaf, an int from 1 to 1, got None"),
    ({"v": 1, "points": 1}, "Leaf", "an object that stores a Leaf"),
    ({**LEAF, "type": None}, "Leaf", "an object that stores a Leaf"),
    ({**LEAF, "points": -1}, "Leaf.points", "an int of at least 0"),
    ({"type": "test.Nothing", "v": 1}, "Leaf.type", "expected test.Leaf, got 'test.Nothing'"),
]


@pytest.mark.parametrize(("data", "path", "words"), MISFITS, ids=[f"{n}" for n, _ in enumerate(MISFITS)])
def test_an_object_that_does_not_fit_is_refused(data: Any, path: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words) as caught:
        decode(data, Leaf)

    assert caught.value.path == path


def test_a_class_without_fields_names_what_is_too_much() -> None:
    with pytest.raises(InvalidValue, match=r"test.Nothing has type, v"):
        decode({"type": "test.Nothing", "v": 1, "x": 1}, Nothing)


@pytest.mark.parametrize(
    ("how", "path"),
    [("currency", "Moody"), ("key", "Moody"), ("foreign", "Moody.Other.field"), ("whole", "Moody")],
)
def test_whatever_a_constructor_raises_is_told_as_an_invalid_value(how: str, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode({"type": "test.Moody", "v": 1, "how": how}, Moody)

    assert caught.value.path == path


class Strange(dict[str, Any]):
    """A mapping that is not a plain dict."""


@pytest.mark.parametrize(
    "data", [None, True, 1, 1.5, "a", [], (), {}, Strange(LEAF), b"{}", pytest.param(object(), id="object")], ids=repr
)
def test_only_a_plain_dict_is_an_object(data: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        decode(data, Leaf)

    assert caught.value.path == "Leaf"


def test_a_str_of_another_class_is_refused() -> None:
    class Text(str):
        __slots__ = ()

    with pytest.raises(InvalidValue):
        decode({**LEAF, "type": Text("test.Leaf")}, Leaf)


def test_a_hundred_objects_may_stand_inside_each_other() -> None:
    assert loads(dumps(nested(100)), Node) == nested(100)


def test_one_more_is_not_read() -> None:
    with pytest.raises(InvalidValue, match="at most 100 objects inside each other"):
        decode(nested_data(101), Node)


def test_one_more_is_not_written() -> None:
    with pytest.raises(InvalidValue, match="at most 100 objects inside each other"):
        encode(nested(101))


def test_data_that_contains_itself_is_refused() -> None:
    data: dict[str, Any] = {"type": "test.Branch", "v": 1, "kids": []}
    data["kids"].append(data)

    with pytest.raises(InvalidValue, match="at most 100 objects inside each other"):
        decode(data, Node)


def test_a_list_that_contains_itself_is_refused() -> None:
    data: dict[str, Any] = {"type": "test.Branch", "v": 1, "kids": []}
    data["kids"].append(data["kids"])

    with pytest.raises(InvalidValue, match="expected an object that stores a Node"):
        decode(data, Node)


def test_data_that_doubles_at_each_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small in memory and endless to walk: each pair holds the same object twice."""
    monkeypatch.setattr(_walk, "MOST_NODES", 1000)
    data: dict[str, Any] = dict(LEAF)
    for _ in range(60):
        data = {"type": "test.Pair", "v": 1, "left": data, "right": data}

    with pytest.raises(InvalidValue, match="at most 1000 objects and list items in all"):
        decode(data, Node)


def test_a_value_that_doubles_at_each_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_walk, "MOST_NODES", 1000)
    node: Node = Leaf()
    for _ in range(60):
        node = Pair(node, node)

    with pytest.raises(InvalidValue, match="at most 1000 objects and list items in all"):
        encode(node)


def test_a_list_that_is_too_long_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_walk, "MOST_NODES", 1000)

    with pytest.raises(InvalidValue, match="at most 1000 objects and list items in all"):
        decode({"type": "test.Branch", "v": 1, "kids": [1.5] * 1001}, Node)


def test_a_caller_near_the_end_of_the_stack_gets_the_same_error() -> None:
    def at_the_bottom(call: Any, given: Any, left: int) -> Any:
        return call(given) if left == 0 else at_the_bottom(call, given, left - 1)

    frame, used = sys._getframe(), 0
    while frame := frame.f_back:  # type: ignore[assignment]
        used += 1
    left = sys.getrecursionlimit() - used - 60
    for call, given in [
        (lambda data: decode(data, Node), nested_data(90)),
        (encode, nested(90)),
    ]:
        with pytest.raises(InvalidValue, match="at most 100 objects inside each other"):
            at_the_bottom(call, given, left)


HOSTILE = [
    "",
    " ",
    "{",
    "nul",
    "[1,]",
    "{'type': 1}",
    "\ufeff{}",
    '{"type":"test.Leaf","v":1,"points":1}{}',
    '{"type":"test.Leaf","v":1,"points":1,"points":2}',
    '{"type":"test.Branch","v":1,"kids":[{"a":1,"a":1}]}',
    '{"type":"test.Leaf","v":1,"points":NaN}',
    '{"type":"test.Leaf","v":1,"points":Infinity}',
    '{"type":"test.Leaf","v":1,"points":-Infinity}',
    '{"type":"test.Leaf","v":1,"points":1e400}',
    '{"type":"test.Leaf","v":1,"points":1.0}',
    '{"type":"test.Leaf","v":1,"points":1e2}',
    '{"type":"test.Leaf","v":1,"points":' + "9" * 1001 + "}",
    '{"type":"test.Leaf","v":1,"points":' + "9" * 100_000 + "}",
    '{"type":"test.Leaf","v":1,"\\ud800":1}',
    '{"type":"\\ud800","v":1,"points":1}',
    '"\\ud800"',
    "[" * 100_000,
    '{"kids":' * 100_000,
    '{"type":"test.Branch","v":1,"kids":[' * 10_000,
    "null",
    "[]",
    b"\xff\xfe{",
    b"\xed\xa0\x80",
    b"{\x00}",
    bytearray(b"{}"),
    None,
    7,
    [],
]


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{n}" for n, _ in enumerate(HOSTILE)])
def test_hostile_text_is_an_invalid_value(text: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        loads(text, Node)

    assert len(str(caught.value)) < 1000


def test_a_key_that_comes_twice_is_named_where_it_stands() -> None:
    with pytest.raises(InvalidValue, match="got an object that has the key 'a' twice") as caught:
        loads('{"type":"test.Branch","v":1,"kids":[{"a":1,"b":1,"a":1}]}', Node)

    assert caught.value.path == "Node.kids[0]"


@pytest.mark.parametrize("text", ["{}  ", b"{}  "])
def test_text_that_is_too_long_is_not_looked_at(text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_text, "LONGEST_TEXT", 3)

    with pytest.raises(InvalidValue, match="a str or bytes, at most 3 long"):
        loads(text, Node)


def test_a_key_that_comes_twice_among_many_is_found_at_once() -> None:
    """Counting each key would take hours here."""
    text = "{" + ",".join(f'"{number}":1' for number in range(200_000)) + ',"199999":1}'

    with pytest.raises(InvalidValue, match="the key '199999' twice"):
        loads(text, Leaf)


def test_an_error_of_a_whole_value_is_told_at_its_place() -> None:
    data = {"type": "purchases.Line", "v": 1} | dict.fromkeys(("unit_price", "tax_rate", "category", "brand"))
    data |= {"number": 1, "product": "p", "quantity": 1, "gross": "1", "tags": [], "tastes": [], "kind": "goods"}
    data["discounts"] = [{"type": "purchases.Discount", "v": 1, "percent": None, "amount": None, "per_unit": None}]
    data["discounts"][0]["code"] = None

    with pytest.raises(InvalidValue) as caught:
        decode(data, Line)

    assert caught.value.path == "Line.discounts[0]"
