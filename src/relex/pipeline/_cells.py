"""One row of an export, read field by field: what it states of a deal, and everything in it that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._rows import RowProblem, SetAside, day, instant, plain
from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline._parts import Split, require_splits

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from datetime import date, datetime, tzinfo
    from decimal import Decimal

    from relex.pipeline._pipeline import Pipeline

__all__ = ["FIELDS", "Reader", "Stated"]

_SHARES = "shares that add to 100, such as `ann 60; bob 40`"
_NUMBER = "a number in plain digits such as 1250.50"


@attrs.frozen(kw_only=True, eq=False)
class Stated:
    """What one row says.

    Attributes:
        number: Of the row, from 1 on.
        row: As it was given.
        values: By field; a blank cell states nothing.
        facts: The application's own facts.
        problems: Everything that cannot be read.
        aside: What nobody knows.
    """

    number: int
    row: Any
    values: dict[str, Any]
    facts: dict[str, Any]
    problems: list[RowProblem]
    aside: list[SetAside]


@attrs.frozen(kw_only=True, eq=False)
class Reader:
    """How the cells of a row are read.

    Attributes:
        pipeline: Whose stages they name.
        columns: The column of each field.
        facts: The column of each fact of the application.
        aliases: By field, what a cell, a tag of it, or the owner of a share means that says something else; None means
            that it says nothing.
        known: By field, the ids that there are; those of `owner` are asked for the shares too.
        currency: Where no column tells it.
        tz: Whose clock a date or a time without a zone is of.
    """

    pipeline: Pipeline
    columns: Mapping[str, str]
    facts: Mapping[str, str]
    aliases: Mapping[str, Mapping[str, str | None]]
    known: Mapping[str, Container[str]]
    currency: str | None
    tz: tzinfo | None

    def read(self, number: int, row: Any) -> Stated:
        """Everything that a row states, and everything that is wrong with it."""
        found = Stated(number=number, row=row, values={}, facts={}, problems=[], aside=[])
        if not isinstance(row, Mapping):
            found.problems.append(RowProblem(reason="invalid_value", value=row, expected="a mapping"))
            return found
        for field, column in self.columns.items():
            cell = plain(row.get(column))
            meant = cell if field == "tags" else self.meant(field, cell)  # of tags, each has an alias of its own
            if meant is not None:
                self._keep(found, field, meant)
        found.facts.update({name: plain(row.get(column)) for name, column in self.facts.items()})
        if self.currency is not None:
            found.values.setdefault("currency", self.currency)
        if "amount" in found.values:
            self._price(found)
        return found

    def meant(self, field: str, cell: Any) -> Any:
        """What a cell, or one word of it, means; None where it means nothing."""
        aliases = self.aliases.get(field, {})
        return aliases[cell] if isinstance(cell, str) and cell in aliases else cell

    def _keep(self, found: Stated, field: str, cell: Any) -> None:
        try:
            value = FIELDS[field](self, cell)
        except InvalidValue as error:
            reason = error.path if error.path == "unknown_stage" else "invalid_value"
            found.problems.append(RowProblem(reason=reason, field=field, value=cell, expected=error.expected))
            return
        unknown = self._unknown(field, value)
        found.aside.extend([SetAside(row=found.number, field=field, value=each) for each in unknown])
        if unknown and field == "tags":
            value = tuple([each for each in value if each not in unknown])
        if (value and field == "tags") or not unknown:
            found.values[field] = value

    def _unknown(self, field: str, value: Any) -> list[Any]:
        """The ids in a cell that there are not: of each tag, and of the owner of each share."""
        if field == "splits":
            known, named = self.known.get("owner"), [each.owner for each in value]
        else:
            known, named = self.known.get(field), value if field == "tags" else [value]
        return [] if known is None else [each for each in named if each not in known]

    def _price(self, found: Stated) -> None:
        """The amount as money, in the currency that the row or the caller names."""
        number, currency = found.values.pop("amount"), found.values.get("currency")
        try:
            found.values["amount"] = Money(number, currency)  # type: ignore[arg-type]  # None is refused like any other
        except InvalidValue as error:
            field = "currency" if error.path == "Money.currency" else "amount"
            value = currency if field == "currency" else number
            found.problems.append(RowProblem(reason="invalid_value", field=field, value=value, expected=error.expected))


def _text(_: Reader, cell: Any) -> str:
    _checks.text.require("cell", cell)
    return str(cell)


def _stage(reader: Reader, cell: Any) -> str:
    """A stage by its id, or by its name where there is no such id."""
    pipeline = reader.pipeline
    for stage in pipeline.stages:
        if cell == stage.id:
            return stage.id
    for stage in pipeline.stages:
        if cell == stage.name:
            return stage.id
    raise InvalidValue("unknown_stage", cell, f"one of {', '.join(stage.id for stage in pipeline.stages)}")


def _open_stage(reader: Reader, cell: Any) -> str:
    found = _stage(reader, cell)
    if reader.pipeline.stage(found).kind != "open":
        raise InvalidValue("cell", cell, f"one of {', '.join(stage.id for stage in reader.pipeline.open_stages)}")
    return found


def _number(_: object, cell: Any) -> int | Decimal:
    try:
        found = _checks.exact_number("cell", cell)
    except InvalidValue:
        raise InvalidValue("cell", cell, _NUMBER) from None
    if isinstance(found, Fraction):
        raise InvalidValue("cell", cell, _NUMBER)
    return found


def _day(reader: Reader, cell: Any) -> date:
    return day(cell, reader.tz)


def _instant(reader: Reader, cell: Any) -> datetime:
    return instant(cell, reader.tz)


def _words(reader: Reader, cell: Any) -> tuple[str, ...]:
    """Words out of text, parted by commas or semicolons, or out of an iterable of them."""
    given = cell.replace(";", ",").split(",") if isinstance(cell, str) else _checks.items("cell", cell)
    found = [word.strip() if isinstance(word, str) else word for word in given]
    for word in found:
        _checks.a(str).require("cell", word)
    meant = [reader.meant("tags", word) for word in found if word]
    return tuple(dict.fromkeys([word for word in meant if word is not None]))


def _splits(reader: Reader, cell: Any) -> tuple[Split, ...]:
    """Shares out of text such as `ann 60; bob 40`, or out of an iterable of them; owners go by their aliases."""
    found = _split_texts(cell) if isinstance(cell, str) else _checks.items("cell", cell)
    require_splits("cell", found)
    owners = [reader.meant("owner", each.owner) for each in found]
    if None in owners:
        raise InvalidValue("cell", cell, _SHARES)
    meant = tuple([attrs.evolve(each, owner=owner) for each, owner in zip(found, owners, strict=True)])
    require_splits("cell", meant)
    return meant


def _split_texts(cell: str) -> tuple[Split, ...]:
    pairs = [part.split() for part in cell.replace(",", ";").split(";") if part.strip()]
    if not all(len(pair) == len(("owner", "share")) for pair in pairs):
        raise InvalidValue("cell", cell, _SHARES)
    return tuple([Split(owner, _number(cell, share)) for owner, share in pairs])


FIELDS: dict[str, Callable[[Reader, Any], Any]] = {
    "id": _text,
    "at": _instant,
    "opened_at": _instant,
    "stage": _stage,
    "stage_entered_at": _instant,
    "open_stage": _open_stage,
    "closed_at": _instant,
    "name": _text,
    "amount": _number,
    "currency": _text,
    "expected_close": _day,
    "customer": _text,
    "owner": _text,
    "territory": _text,
    "campaign": _text,
    "contact": _text,
    "product": _text,
    "quantity": _number,
    "unit_price": _number,
    "probability": _number,
    "category": _text,
    "next_step": _text,
    "next_step_due": _day,
    "tags": _words,
    "splits": _splits,
    "reason": _text,
    "note": _text,
    "competitor": _text,
}
"""What a row may state of a deal, and how each cell is read."""
