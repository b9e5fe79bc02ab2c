"""Laws of the stored forms: exact round trips, and hostile data that gives `InvalidValue` and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import given, settings, strategies as st
from registry_examples import load_all
from stored_values import Branch, Color, Leaf, Level, Mixed, Node, Pair, Scalars

from relex.codec import decode, dumps, encode, loads
from relex.codec._registry import forms
from relex.errors import InvalidValue
from relex.money import Money

load_all()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
zones = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(-timedelta(seconds=12_345))]) | st.sampled_from(
    ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)


def _meant(at: datetime) -> datetime:
    """Without a `fold` that tells nothing, because both readings of the wall time are one."""
    return at.replace(fold=0) if at.utcoffset() == at.replace(fold=1 - at.fold).utcoffset() else at


instants = st.datetimes(timezones=zones, allow_imaginary=True).map(_meant)
decimals = st.decimals(allow_nan=False, allow_infinity=False)
moneys = st.builds(Money, st.decimals(-(10**12), 10**12, places=4), st.sampled_from(["USD", "JPY", "TND"]))
nodes = st.recursive(
    st.builds(Leaf, st.integers(min_value=0)),
    lambda inner: st.builds(Branch, st.lists(inner, max_size=4).map(tuple)) | st.builds(Pair, inner, inner),
    max_leaves=12,
)
scalars = st.builds(
    Scalars,
    text=texts,
    count=st.integers(),
    flag=st.booleans(),
    number=decimals,
    ratio=st.fractions(),
    day=st.dates(),
    clock=st.times().map(lambda clock: clock.replace(fold=0)),
    at=instants | st.none(),
    span=st.timedeltas(),
    zone=zones | st.none(),
    color=st.sampled_from(Color),
    level=st.sampled_from(Level),
    price=moneys,
    maybe=texts | st.none(),
)
mixed = st.builds(
    Mixed,
    constant=texts
    | st.integers()
    | decimals
    | st.booleans()
    | st.dates()
    | instants
    | st.lists(texts, max_size=3).map(tuple)
    | st.none(),
    number=decimals | st.fractions() | st.integers(),
    moment=st.dates() | instants | st.none(),
    price=moneys | decimals | st.none(),
    node=st.builds(Leaf, st.integers(min_value=0)) | moneys | st.dates() | st.none(),
    kind=st.sampled_from(["a", "b"]),
    color=st.sampled_from(Color) | texts,
    dated=st.lists(st.dates() | st.integers(), max_size=3).map(tuple),
    entry=st.tuples(texts, st.integers(), decimals),
    key=texts | st.none(),
    constrained=st.integers() | texts,
    bound=nodes | st.none(),
    noted=st.integers(),
)
FORMS = [form for form in forms() if not form.tag.startswith("tests.")]  # those of the library
TAGS = st.sampled_from([form.tag for form in FORMS])
FIELDS = st.sampled_from(
    sorted({"type", "v", "amount", "currency", "decimal", "date", "rules", "fact", "lines", "kids", "left", "points"})
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | TAGS
    | st.integers(10**400, 10**401),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


def exact(value: Any) -> tuple[Any, str]:
    """The value, and all of what `==` does not tell: digits, offsets, folds, types."""
    return value, repr(value)


@given(scalars | mixed | nodes)
def test_what_is_written_is_read_back_exactly(value: Any) -> None:
    text = dumps(value)
    read = loads(text, type(value), zones=ZoneInfo)

    assert (exact(read), dumps(read)) == (exact(value), text)


@given(scalars | mixed | nodes)
def test_what_encode_gives_is_json(value: Any) -> None:
    stored = encode(value)

    assert json.loads(json.dumps(stored)) == stored
    assert json.loads(dumps(value).encode("utf-8")) == stored


@given(scalars)
def test_without_zones_an_instant_stays_the_same_instant(value: Scalars) -> None:
    read = decode(encode(value) | {"zone": None}, Scalars).at

    assert clock_and_offset(read) == clock_and_offset(value.at)


def clock_and_offset(at: datetime | None) -> tuple[datetime, timedelta | None] | None:
    return at and (at.replace(tzinfo=None, fold=0), at.utcoffset())


@given(nodes)
def test_a_base_class_is_enough_to_read(value: Node) -> None:
    assert decode(encode(value), Node) == value


@given(json_values)
def test_no_data_gives_anything_but_a_value_or_an_invalid_value(data: Any) -> None:
    for expected in (Scalars, Mixed, Node, Money, tuple[Node, ...]):
        with suppress(InvalidValue):
            decode(data, expected, zones=ZoneInfo)


@settings(max_examples=200)
@given(st.sampled_from(FORMS), st.data())
def test_no_fields_give_anything_but_a_value_or_an_invalid_value(form: Any, data: st.DataObject) -> None:
    """Every field of any class that has a stored form is there and holds anything."""
    fields = data.draw(st.fixed_dictionaries(dict.fromkeys(names_of(form), json_values)))
    with suppress(InvalidValue):
        decode({"type": form.tag, "v": form.version, **fields}, form.cls, zones=ZoneInfo)


def names_of(form: Any) -> list[str]:
    return [field.alias for field in attrs.fields(form.cls) if field.init]


@given(st.text(max_size=40) | st.binary(max_size=40) | json_values.map(json.dumps))
def test_no_text_gives_anything_but_a_value_or_an_invalid_value(text: str | bytes) -> None:
    with suppress(InvalidValue):
        loads(text, Node | Money)
