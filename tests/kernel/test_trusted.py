"""Factories that skip the checks give the same values as the constructor."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction

import attrs
import pytest

from relex import _checks
from relex._trusted import Drafts, changing, compiled, filling, replacing, trusted


@attrs.frozen(weakref_slot=False)
class Base:
    id: str = attrs.field(validator=_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Lot(Base):
    points: int = attrs.field(default=0, validator=_checks.whole(least=0))
    rate: Fraction = Fraction(1)


@attrs.frozen(init=False, weakref_slot=False)
class Amount:
    units: int
    currency: str

    def __init__(self, units: int, currency: str) -> None:
        _fill(self, units, currency)


_fill = filling(Amount)
lot = trusted(Lot)


def test_equal_to_what_the_constructor_makes() -> None:
    made, built = lot("l1", 5, Fraction(1, 2)), Lot(id="l1", points=5, rate=Fraction(1, 2))

    assert (type(made), made, hash(made), repr(made)) == (Lot, built, hash(built), repr(built))


def test_nothing_is_checked() -> None:
    assert lot("", -1, None).points == -1


@pytest.mark.parametrize("arguments", [(), ("l1",), ("l1", 5), ("l1", 5, 1, 1)], ids=len)
def test_every_field_is_given(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        lot(*arguments)


def test_what_is_made_is_frozen() -> None:
    made = lot("l1", 5, 1)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.points = 6  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del made.points


def test_what_is_made_has_no_room_for_more() -> None:
    assert not hasattr(lot("l1", 5, 1), "__dict__")


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
def test_what_is_made_can_be_copied_and_pickled(twin: object) -> None:
    made = lot("l1", 5, 1)

    assert twin(made) == made  # type: ignore[operator]


def test_what_is_made_evolves_with_its_checks() -> None:
    with pytest.raises(ValueError, match=r"Lot.points: expected an int of at least 0, got -1"):
        attrs.evolve(lot("l1", 5, 1), points=-1)


def test_some_fields_are_replaced_and_the_others_kept() -> None:
    old = Lot(id="l1", points=5, rate=Fraction(1, 2))
    new = replacing(Lot)(old, points=-1)

    assert (type(new), attrs.astuple(new), old.points) == (Lot, ("l1", -1, Fraction(1, 2)), 5)


def test_named_fields_are_replaced_in_the_order_of_their_names() -> None:
    old = Lot(id="l1", points=5, rate=Fraction(1, 2))
    new = changing(Lot, "rate", "id")(old, 7, "")

    assert (type(new), attrs.astuple(new), old.id) == (Lot, ("", 5, 7), "l1")


@attrs.frozen(weakref_slot=False)
class Renamed:
    """Fields that are called like what the factories use inside."""

    new: str
    twin: str
    of: str
    same: None
    cls: str


def test_a_field_may_have_any_name() -> None:
    made = trusted(Renamed)("b", "c", "d", None, "e")
    replaced = replacing(Renamed)(made, of="f", same=None)
    changed = changing(Renamed, "of", "new")(made, "f", "g")

    assert attrs.astuple(made) == ("b", "c", "d", None, "e")
    assert attrs.astuple(replaced) == ("b", "c", "f", None, "e")
    assert attrs.astuple(changed) == ("g", "c", "f", None, "e")


def test_a_hand_made_constructor_may_fill_in_the_fields() -> None:
    made = Amount(5, "USD")

    assert (type(made), attrs.astuple(made)) == (Amount, (5, "USD"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.units = 6  # type: ignore[misc]


def test_a_function_is_compiled_from_its_source() -> None:
    double = compiled("double", "def double(x):\n    return factor * x\n", {"factor": 2})

    assert double(21) == 42


drafts = Drafts(Lot)


def test_a_draft_takes_its_fields_one_by_one() -> None:
    draft = drafts.new()
    draft.id, draft.points, draft.rate = "l1", 5, Fraction(1)

    assert drafts.done(draft) == Lot(id="l1", points=5)


def test_a_draft_of_a_value_leaves_the_value() -> None:
    before = Lot(id="l1", points=5)

    draft = drafts.of(before)
    draft.points = 6

    assert (before.points, drafts.done(draft)) == (5, Lot(id="l1", points=6))


def test_what_was_a_draft_is_frozen() -> None:
    made = drafts.done(drafts.of(Lot(id="l1")))

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.points = 6  # type: ignore[misc]


def test_a_value_under_construction_is_its_own_draft() -> None:
    begun = object.__new__(Lot)

    draft = drafts.begun(begun)
    draft.id, draft.points, draft.rate = "l1", 5, Fraction(1)

    assert drafts.done(draft) is begun
    assert begun == Lot(id="l1", points=5)
