"""The ports on a SQLAlchemy connection that the caller opened, owns and commits."""

from relex.adapters.sqlalchemy._async import AsyncSqlStore
from relex.adapters.sqlalchemy._store import SqlStore
from relex.adapters.sqlalchemy._tables import Tables

__all__ = ["AsyncSqlStore", "SqlStore", "Tables"]
