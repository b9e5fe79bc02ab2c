"""Chance that stays the same: a number in [0, 1) out of names."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256

from relex import _checks

__all__ = ["stable_draw"]

_PARTS = _checks.Check(
    "at least one non-empty str", lambda parts: len(parts) > 0 and all(map(_checks.text.passes, parts))
)
_SEPARATOR = "\x1f"
_BYTES = 8


def stable_draw(*parts: str) -> Fraction:
    """A number in [0, 1) that the same parts always give, and that is spread evenly over different ones.

    It is the first 8 bytes of the SHA-256 of the parts, joined by U+001F in UTF-8, read big-endian, and divided by
    2^64. So the same person stays in or out of the same wave, on every machine and in every process.

    Args:
        parts: Such as the survey, the contact and the wave.

    Raises:
        InvalidValue: For no part, an empty one, or something else than a str.

    Example:
        >>> stable_draw("nps", "c1", "2024-Q1")
        Fraction(8066722626538168815, 18446744073709551616)
        >>> float(round(stable_draw("nps", "c2", "2024-Q1"), 10))
        0.0924926127

    .. versionadded:: 0.1.0
    """
    _PARTS.require("stable_draw.parts", parts)
    start = sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).digest()[:_BYTES]
    return Fraction(int.from_bytes(start, "big"), 1 << (8 * _BYTES))
