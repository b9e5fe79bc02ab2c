"""Conditions joined by the logic of rules, which is that of SQL: true, false and unknown.

Theory of operation
-------------------

`AND`, `OR` and `NOT` of SQL answer as Kleene's logic does, so they only have to be written so that a database can read
them. A long chain is written in brackets of eight, as SQLite counts each `AND` of a chain as one more level of at most
1,000. What is deepest is written first, as the parser of SQLite has room for 100 unfinished things: in `((a AND b) OR
c)` it has finished what stands in brackets before it meets the rest. `room` counts them, and what needs too much room
is refused before a database does it with an error of its own.

"At least n" has no counterpart. Counting the true parts and those not false takes two looks at each part, which would
double the text with each level; so each part is looked at once, and adds to one number: k + 1 (there are k parts) and
1 when it is true, 1 when it is unknown, 0 when it is false. The number divided by k + 1 is how many are true, the rest
is how many are not false. It is the place of the answer in a text that lists the answers for all such numbers.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import Boolean, Integer, String, and_, case, cast, false, func, literal, literal_column, null, or_, true
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement, Grouping, UnaryExpression

from relex.errors import NotSupported

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["BY", "FALSE", "MOST_ROOM", "TRUE", "UNKNOWN", "Condition", "all_of", "any_of", "at_least", "negated"]

BY = "SqlStore"
MOST_ROOM = 72
"""How many unfinished things the parser of a database may have to keep; the rest of a statement needs some, too."""

_WIDEST = 8
_MOST_COUNTED = 250
_TRUE, _FALSE, _UNKNOWN = "1", "0", "-"


class Brackets(Grouping[Any]):
    """Brackets that stay: SQLAlchemy takes those away that change nothing, and makes one long chain again."""

    inherit_cache = True
    operator: Any = None


@attrs.frozen
class Condition:
    """A part of a WHERE clause.

    Attributes:
        expression: The part.
        room: How many unfinished things its parser has to keep.
    """

    expression: ColumnElement[bool]
    room: int = 8

    def __attrs_post_init__(self) -> None:
        if self.room > MOST_ROOM:
            raise NotSupported("so many levels of rules inside each other", BY)


TRUE = Condition(true(), 1)
FALSE = Condition(false(), 1)
UNKNOWN = Condition(cast(null(), Boolean()), 3)  # a bare NULL has no type, and PostgreSQL takes it for text


def all_of(parts: Sequence[Condition]) -> Condition:
    """True when every part is, False when one is False."""
    return _chained(parts, and_) if parts else TRUE


def any_of(parts: Sequence[Condition]) -> Condition:
    """True when one part is, False when every one is False."""
    return _chained(parts, or_) if parts else FALSE


def negated(part: Condition) -> Condition:
    """True when the part is False, False when it is True."""
    # not_() would turn `x = ANY (list)` into `x != ANY (list)`, which asks something else
    inside = Brackets(part.expression)
    denied = UnaryExpression(inside, operator=operators.inv, type_=Boolean(), wraps_column_expression=True)
    return Condition(denied, part.room + 2)


def at_least(n: int, parts: Sequence[Condition]) -> Condition:
    """True when at least n parts are, False when so many can no longer be."""
    if n in {0, 1, len(parts)}:
        return TRUE if n == 0 else any_of(parts) if n == 1 else all_of(parts)
    if len(parts) > _MOST_COUNTED:
        raise NotSupported(f"AtLeast({n}, ...) of {len(parts)} rules (at most {_MOST_COUNTED})", BY)
    base = len(parts) + 1
    total = _chained([Condition(_counted(part, base), part.room + 1) for part in parts], _sum)
    answers = literal(_answers(n, base), String())
    answer = func.nullif(func.substr(answers, total.expression + literal_column("1"), literal_column("1")), _UNKNOWN)
    return Condition(answer == _TRUE, total.room + 8)


def _counted(part: Condition, base: int) -> ColumnElement[Any]:
    sure = literal_column(str(base + 1), Integer())
    return case(
        (true(), sure), (false(), literal_column("0", Integer())), value=part.expression, else_=literal_column("1")
    )


def _answers(n: int, base: int) -> str:
    """The answers for every number of true parts and, within it, of parts that are not false."""
    return "".join([_answer(n, sure, open_) for sure in range(base) for open_ in range(base)])


def _answer(n: int, sure: int, open_: int) -> str:
    return _TRUE if sure >= n else _FALSE if open_ < n else _UNKNOWN


def _sum(*parts: ColumnElement[Any]) -> ColumnElement[Any]:
    added = parts[0]
    for part in parts[1:]:
        added = added + part
    return added


def _chained(parts: Sequence[Condition], join: Callable[..., ColumnElement[Any]]) -> Condition:
    """Parts joined in brackets of at most eight; those that need most room come last, into the outermost."""
    found = sorted(parts, key=_room)
    while len(found) > 1:
        group, found = found[:_WIDEST], found[_WIDEST:]
        insort(found, _bracketed(group, join), key=_room)
    return found[0]


def _room(part: Condition) -> int:
    return part.room


def _bracketed(parts: Sequence[Condition], join: Callable[..., ColumnElement[Any]]) -> Condition:
    """Parts in one pair of brackets, the one that needs most room first."""
    *others, first = parts
    room = max(first.room, 2 + max(map(_room, others)))
    return Condition(Brackets(join(*[part.expression for part in (first, *others)])), room + 1)
