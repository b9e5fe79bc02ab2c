"""The error of a value that a column cannot hold, as SQLAlchemy lets it through."""

from __future__ import annotations

from sqlalchemy.exc import DontWrapMixin

from relex.errors import InvalidValue

__all__ = ["Refused"]


class Refused(InvalidValue, DontWrapMixin):
    """An `InvalidValue` that SQLAlchemy does not wrap into an error of its own when a parameter is made ready."""
