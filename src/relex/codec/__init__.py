"""The stored form of every public value: tagged, versioned, exact, and strict about what it reads."""

from relex.codec._registry import tagged, upgrade

__all__ = ["tagged", "upgrade"]
