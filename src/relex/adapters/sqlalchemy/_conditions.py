"""What rules about one fact are in SQL, for a fact that has a column.

A fact that is missing is NULL, and every condition but `is_missing()` is unknown of NULL. Facts of another kind than
the column's are not in it, so a constant of another kind is equal to none of them and before or after none.

Text that a database cannot keep, which is U+0000 on PostgreSQL and lone surrogates on both, equals no text that is
there. It still has a place in the order, between two texts that can be kept.
"""

from __future__ import annotations

import operator
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import and_, any_, func, literal, literal_column, or_, select
from sqlalchemy.dialects import postgresql

from relex.adapters.sqlalchemy._logic import UNKNOWN, Condition, all_of, any_of
from relex.adapters.sqlalchemy._types import TextType
from relex.adapters.sqlalchemy._words import quoted, written
from relex.rules import Kind, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, timedelta

    from sqlalchemy.sql.elements import ColumnElement

    from relex.rules import AsOf, Between, Beyond, Compare, Contains, IsIn, IsMissing, StartsWith, Within

__all__ = ["Asked", "between", "beyond", "compare", "contains", "is_in", "is_missing", "starts_with", "within"]

_POSTGRESQL = "postgresql"
_TIMES = frozenset({Kind.DAY, Kind.INSTANT})
_MOST_LISTED = 100
_LONE = re.compile("[\ud800-\udfff]")
_LONE_OR_NUL = re.compile("[\0\ud800-\udfff]")
_AFTER_SURROGATES = "\ue000"
_LAST = "\U0010ffff"
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@attrs.frozen(kw_only=True)
class Asked:
    """The column that a rule is about.

    Attributes:
        kind: The kind of its facts.
        column: The column.
        dialect: The name of the database's dialect.
        as_of: When the rule is asked.
    """

    kind: Kind
    column: ColumnElement[Any]
    dialect: str
    as_of: AsOf = None

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.dialect == _POSTGRESQL

    def compared(self, op: str, value: Any) -> Condition:
        """The column against a value of its kind."""
        return Condition(_OPERATORS[op](self.column, literal(value, self.column.type)))

    def never(self) -> Condition:
        """False, and unknown when the fact is missing."""
        return Condition(and_(self.column.is_(None), UNKNOWN.expression))

    def always(self) -> Condition:
        """True, and unknown when the fact is missing."""
        return Condition(or_(self.column.is_not(None), UNKNOWN.expression))

    def unstorable(self, text: str) -> int | None:
        """Where in a text the first character stands that the database cannot keep."""
        found = (_LONE_OR_NUL if self.on_postgresql else _LONE).search(text)
        return None if found is None else found.start()

    def keeps(self, value: Any) -> bool:
        """Whether the database can hold a value."""
        words = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        return all(self.unstorable(word) is None for word in words)


def compare(rule: Compare, asked: Asked) -> Condition:
    """A fact against a constant."""
    kind, value = rule.reading
    if rule.op in {"==", "!="}:
        if kind is asked.kind and asked.keeps(value):
            return asked.compared(rule.op, value)
        return asked.never() if rule.op == "==" else asked.always()
    return _ordered(asked, rule.op, value) if kind is asked.kind else UNKNOWN


def between(rule: Between, asked: Asked) -> Condition:
    """A fact between two constants."""
    kind, low, high = rule.range
    if kind is not asked.kind:
        return UNKNOWN
    return all_of([_ordered(asked, ">=", low), _ordered(asked, "<=", high)])


def is_in(rule: IsIn, asked: Asked) -> Condition:
    """A fact equal to one of several constants."""
    choices = sorted([value for kind, value in rule.readings if kind is asked.kind and asked.keeps(value)])
    if not choices:
        return asked.never()
    if len(choices) == 1:
        return asked.compared("==", choices[0])
    return (_in_array if asked.on_postgresql else _in_list)(asked, choices)


def contains(rule: Contains, asked: Asked) -> Condition:
    """A tuple of str with one item, or all of them."""
    if asked.kind is not Kind.TEXTS:
        return UNKNOWN
    items = sorted({item for item in rule.items if asked.keeps(item)})
    if not items or (rule.every and len(items) < len(set(rule.items))):
        return asked.never()
    if asked.on_postgresql:
        sign = asked.column.bool_op("@>" if rule.every else "&&")
        return Condition(sign(literal(tuple(items), asked.column.type)))
    found = [
        Condition(func.instr(asked.column, literal(quoted(item), TextType())) > literal_column("0")) for item in items
    ]
    return (all_of if rule.every else any_of)(found)


def starts_with(rule: StartsWith, asked: Asked) -> Condition:
    """A text that starts with another: it lies between that and the first text that no longer starts so."""
    if asked.kind is not Kind.TEXT:
        return UNKNOWN
    if not asked.keeps(rule.text):
        return asked.never()
    end = _after_all(rule.text)
    start = asked.compared(">=", rule.text)
    return start if end is None else all_of([start, asked.compared("<", end)])


def is_missing(_rule: IsMissing, asked: Asked) -> Condition:
    """A fact that is not there."""
    return Condition(asked.column.is_(None))


def within(rule: Within, asked: Asked) -> Condition:
    """A fact in the span that ends, or starts, at `as_of`."""
    end = _moment(asked)
    if end is None:
        return UNKNOWN
    other = _moved(end, rule.span, ahead=rule.ahead)
    near, far = ("<=", ">=") if not rule.ahead else (">=", "<=")
    edge = asked.compared(near, end)
    return edge if other is None else all_of([edge, asked.compared(far, other)])


def beyond(rule: Beyond, asked: Asked) -> Condition:
    """A fact more than a span before, or after, `as_of`."""
    end = _moment(asked)
    if end is None:
        return UNKNOWN
    edge = _moved(end, rule.span, ahead=rule.ahead)
    return asked.never() if edge is None else asked.compared(">" if rule.ahead else "<", edge)


def _ordered(asked: Asked, op: str, value: Any) -> Condition:
    """The column before or after a value of its kind."""
    at = asked.unstorable(value) if isinstance(value, str) else None
    if at is None:
        return asked.compared(op, value)
    if value[at] == "\0":  # what is kept comes before it as far as the text up to here, and then after it
        return asked.compared("<=" if op[0] == "<" else ">", value[:at])
    return asked.compared("<" if op[0] == "<" else ">=", value[:at] + _AFTER_SURROGATES)


def _in_array(asked: Asked, choices: list[Any]) -> Condition:
    """One parameter for all the choices."""
    values = [Decimal(value) if asked.kind is Kind.NUMBER else value for value in choices]
    return Condition(asked.column == any_(literal(values, postgresql.ARRAY(asked.column.type))))


def _in_list(asked: Asked, choices: list[Any]) -> Condition:
    """One parameter for each choice; of many, one for all that JSON carries whole."""
    if len(choices) <= _MOST_LISTED:
        return Condition(asked.column.in_(choices))
    found = [asked.column.type.plain(value) for value in choices]  # type: ignore[attr-defined]  # a type of ours
    carried = func.json_each(literal(written([text for text in found if "\0" not in text]), TextType())).table_valued(
        "value"
    )
    cut = [value for value, text in zip(choices, found, strict=True) if "\0" in text]
    listed = Condition(asked.column.in_(select(carried.c.value)))
    return any_of([listed, Condition(asked.column.in_(cut))]) if cut else listed


def _moment(asked: Asked) -> date | datetime | None:
    """The day or the instant that the facts are compared with; None when they cannot be."""
    seen = read(asked.as_of)
    if seen is None or asked.kind not in _TIMES:
        return None
    if seen[0] is asked.kind:
        return seen[1]  # type: ignore[no-any-return]
    return asked.as_of.date() if isinstance(asked.as_of, datetime) else None


def _moved(end: date | datetime, span: timedelta, *, ahead: bool) -> date | datetime | None:
    """The other edge of the span; None when it lies beyond the ends of time."""
    try:
        return end + span if ahead else end - span
    except OverflowError:
        return None


def _after_all(text: str) -> str | None:
    """The first text that comes after all texts with this start; None when there is none."""
    start = text.rstrip(_LAST)
    if not start:
        return None
    after = chr(ord(start[-1]) + 1)
    return start[:-1] + (_AFTER_SURROGATES if "\ud800" <= after <= "\udfff" else after)
