"""The ports on a SQLAlchemy connection that the caller opened, owns and commits."""

from relex.adapters.sqlalchemy._async import AsyncSqlStore
from relex.adapters.sqlalchemy._store import SqlStore
from relex.adapters.sqlalchemy._tables import Tables
from relex.adapters.sqlalchemy._types import Day, Document, Flag, Instant, Number, Text, Words

__all__ = [
    "AsyncSqlStore",
    "Day",
    "Document",
    "Flag",
    "Instant",
    "Number",
    "SqlStore",
    "Tables",
    "Text",
    "Words",
]
