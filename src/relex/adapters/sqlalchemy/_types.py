"""Column types that keep each kind of fact exactly, and compare in the database as Python compares.

============  =====================================  ===============================================================
kind          PostgreSQL                             SQLite
============  =====================================  ===============================================================
text          `TEXT COLLATE "C"`: by code points     `TEXT`: UTF-8 by bytes, which is by code points
number        `NUMERIC`                              `TEXT`: a key that compares as the number does
flag          `BOOLEAN`                              `BOOLEAN`: 0 or 1
day           `DATE`                                 `TEXT`: `2026-11-23`
instant       `TIMESTAMP WITH TIME ZONE`             `TEXT`: `2026-11-23T12:00:00.000000Z`, always in UTC
texts         `TEXT[]`                               `TEXT`: a JSON array
document      `JSONB`                                `TEXT`: JSON
============  =====================================  ===============================================================

What is bound is checked, as a column of SQLite would accept anything: a value of another kind, and text that the
database cannot hold, are an `InvalidValue`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import func

from relex.adapters.sqlalchemy._numbers import key_of, number_of
from relex.adapters.sqlalchemy._refused import Refused
from relex.adapters.sqlalchemy._words import words_of, written
from relex.rules import Kind

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.sql.type_api import _BindProcessorType, _ResultProcessorType
    from sqlalchemy.types import TypeEngine

__all__ = ["DayType", "DocumentType", "FlagType", "InstantType", "NumberType", "TextType", "WordsType", "column_type"]

_PUBLIC = "relex.adapters.sqlalchemy"  # the name of the module that Alembic writes into migrations
_POSTGRESQL = "postgresql"
_BEFORE, _AFTER = 131_072, 16_383  # the digits that NUMERIC has room for, before and after the point
_SMALL = 1 << 200
_NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_TEXT = "text without lone surrogates"
_NO_NUL = "text without U+0000, which PostgreSQL cannot keep"


class _Exact(types.TypeDecorator[Any]):
    """What the types share: one form for PostgreSQL, one for SQLite, and a check of what is bound."""

    impl = types.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column in this database."""
        return self._native_type() if dialect.name == _POSTGRESQL else self._plain_type()

    def bind_processor(self, dialect: Dialect) -> _BindProcessorType[Any]:
        """What makes a value ready for the driver."""
        ready = self.native if dialect.name == _POSTGRESQL else self.plain

        def bound(value: Any) -> Any:
            return None if value is None else ready(value)

        return bound

    def result_processor(self, dialect: Dialect, coltype: object) -> _ResultProcessorType[Any]:  # noqa: ARG002 - as SQLAlchemy calls it
        """What makes a value out of what the driver gives."""
        read = self._from_native if dialect.name == _POSTGRESQL else self._from_plain

        def found(value: Any) -> Any:
            return None if value is None else read(value)

        return found

    @abstractmethod
    def _native_type(self) -> TypeEngine[Any]:
        """The type on PostgreSQL."""

    def _plain_type(self) -> TypeEngine[Any]:
        """The type on SQLite."""
        return types.Text()

    @abstractmethod
    def _checked(self, value: Any) -> Any:
        """The plain value, if it is of this kind."""

    def native(self, value: Any) -> Any:
        """What PostgreSQL is given for a value."""
        return self._checked(value)

    def plain(self, value: Any) -> Any:
        """What SQLite is given for a value."""
        return self._checked(value)

    def _from_native(self, value: Any) -> Any:
        return value

    def _from_plain(self, value: Any) -> Any:
        return value

    def _refused(self, value: object, expected: str) -> Refused:
        return Refused(type(self).__name__, value, expected)

    def _text(self, value: Any, expected: str = _TEXT) -> str:
        """Text that has UTF-8."""
        if not isinstance(value, str):
            raise self._refused(value, expected)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise self._refused(value, _TEXT) from None
        return value if value.__class__ is str else str.__str__(value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class TextType(_Exact):
    """str, ordered by code points.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return postgresql.TEXT(collation="C")

    def _checked(self, value: Any) -> str:
        return self._text(value)

    def native(self, value: Any) -> str:
        """What PostgreSQL is given for a value."""
        if "\0" in (text := self._text(value)):
            raise self._refused(value, _NO_NUL)
        return text


class DocumentType(_Exact):
    """JSON text, as `relex.codec.dumps` writes it; what is read is text or, if the driver has parsed it, its objects.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return _JsonText()

    def _checked(self, value: Any) -> str:
        return self._text(value, "JSON text")

    def native(self, value: Any) -> str:
        """What PostgreSQL is given for a value."""
        text = self._text(value, "JSON text")
        if "\\u0000" in text and _NUL_IN_JSON.search(text):
            raise self._refused(value, _NO_NUL)
        return text


class NumberType(_Exact):
    """int or Decimal, by value; what is read is a Decimal.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return types.Numeric()

    def _checked(self, value: Any) -> int | Decimal:
        if value.__class__ is int:
            return value
        if isinstance(value, Decimal) and value.is_finite():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return int.__int__(value)
        raise self._refused(value, "an int or a finite Decimal")

    def native(self, value: Any) -> int | Decimal:
        """What PostgreSQL is given for a value."""
        number = self._checked(value)
        if number.__class__ is int and -_SMALL < number < _SMALL:
            return number
        return self._in_range(Decimal(number))

    def _in_range(self, number: Decimal) -> Decimal:
        _sign, digits, exponent = number.as_tuple()
        if int(exponent) >= -_AFTER and number.adjusted() < _BEFORE:
            return number
        if number.is_zero():
            return Decimal(0)
        spare = len(digits) - len("".join(map(str, digits)).rstrip("0"))
        if int(exponent) + spare >= -_AFTER and number.adjusted() < _BEFORE:
            return Decimal((_sign, digits[: len(digits) - spare], int(exponent) + spare))
        expected = f"a number of at most {_BEFORE} digits before the point and {_AFTER} after it, as PostgreSQL keeps"
        raise self._refused(number, expected)

    def plain(self, value: Any) -> str:
        """What SQLite is given for a value."""
        return key_of(self._checked(value))

    def _from_plain(self, value: Any) -> Decimal:
        return number_of(value)


class FlagType(_Exact):
    """bool, which is no number.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return types.Boolean()

    def _plain_type(self) -> TypeEngine[Any]:
        return types.Boolean()

    def _checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._refused(value, "True or False")
        return value

    def _from_plain(self, value: Any) -> bool:
        return bool(value)


class DayType(_Exact):
    """date, which is no instant.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return types.Date()

    def _checked(self, value: Any) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self._refused(value, "a date")
        return value

    def plain(self, value: Any) -> str:
        """What SQLite is given for a value."""
        return self._checked(value).isoformat()

    def _from_plain(self, value: Any) -> date:
        return date.fromisoformat(value)


class InstantType(_Exact):
    """datetime with a time zone, as a point in time; what is read is in UTC.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return types.TIMESTAMP(timezone=True)

    def _checked(self, value: Any) -> datetime:
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise self._refused(value, "a datetime with a time zone")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise self._refused(value, "a datetime that is between the years 1 and 9999 in UTC") from None

    def plain(self, value: Any) -> str:
        """What SQLite is given for a value."""
        return f"{self._checked(value).isoformat(timespec='microseconds')[:26]}Z"

    def _from_native(self, value: Any) -> datetime:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]

    def _from_plain(self, value: Any) -> datetime:
        return datetime.fromisoformat(value)

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """What is selected: on PostgreSQL the time in UTC, as one driver shows it in the zone of the session.

        There the first and the last hours of time may lie outside the years that Python has.
        """
        return func.timezone("UTC", column, type_=self) if isinstance(self.impl_instance, types.DateTime) else column


class WordsType(_Exact):
    """tuple of str.

    .. versionadded:: 0.1.0
    """

    __module__ = _PUBLIC

    cache_ok = True

    def _native_type(self) -> TypeEngine[Any]:
        return postgresql.ARRAY(types.Text())

    def _checked(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, tuple):
            raise self._refused(value, "a tuple of str")
        return tuple([self._text(item, "a tuple of str") for item in value])

    def native(self, value: Any) -> list[str]:
        """What PostgreSQL is given for a value."""
        words = self._checked(value)
        if any("\0" in word for word in words):
            raise self._refused(value, _NO_NUL)
        return list(words)

    def plain(self, value: Any) -> str:
        """What SQLite is given for a value."""
        return written(self._checked(value))

    def _from_native(self, value: Any) -> tuple[str, ...]:
        return tuple(value)

    def _from_plain(self, value: Any) -> tuple[str, ...]:
        return words_of(value)


class _JsonText(types.TypeEngine[str]):
    """JSONB that is bound as text, which PostgreSQL parses; the type of SQLAlchemy would write it as JSON again."""

    __visit_name__ = "JSONB"
    render_bind_cast = True


_TYPES: dict[Kind, type[_Exact]] = {
    Kind.TEXT: TextType,
    Kind.NUMBER: NumberType,
    Kind.FLAG: FlagType,
    Kind.DAY: DayType,
    Kind.INSTANT: InstantType,
    Kind.TEXTS: WordsType,
}


def column_type(kind: Kind) -> TypeEngine[Any]:
    """The type of a column for facts of one kind."""
    return _TYPES[kind]()
