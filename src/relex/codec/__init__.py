"""The stored form of every public value: tagged, versioned, exact, and strict about what it reads."""

from relex.codec import _kernel as _kernel
from relex.codec._registry import tagged, upgrade
from relex.codec._text import decode, dumps, encode, loads

__all__ = ["decode", "dumps", "encode", "loads", "tagged", "upgrade"]
