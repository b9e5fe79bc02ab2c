"""The ports on a SQLAlchemy connection that the caller opened, owns and commits."""

from relex.adapters.sqlalchemy._async import AsyncSqlStore
from relex.adapters.sqlalchemy._store import SqlStore
from relex.adapters.sqlalchemy._tables import Tables
from relex.adapters.sqlalchemy._types import (
    DayType,
    DocumentType,
    FlagType,
    InstantType,
    NumberType,
    TextType,
    WordsType,
)

__all__ = [
    "AsyncSqlStore",
    "DayType",
    "DocumentType",
    "FlagType",
    "InstantType",
    "NumberType",
    "SqlStore",
    "Tables",
    "TextType",
    "WordsType",
]
