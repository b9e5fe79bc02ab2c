"""Tuples of str as JSON arrays in which an item can be found by its text.

In the text of an array, `"` stands only around an item and `,` only between two: inside an item both are written as
escapes, as are backslashes and controls. So two equal tuples have one text, and the item `x` is there exactly where the
text `"x"` is, which needs no function that reads JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["quoted", "words_of", "written"]

_SPECIAL = re.compile(r'[\x00-\x1f",\\]')
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


def written(words: Iterable[str]) -> str:
    r"""The text of a tuple.

    Example:
        >>> print(written(("vip", "a,b", "")))
        ["vip","a\u002cb",""]
    """
    return f"[{','.join(map(quoted, words))}]"


def quoted(word: str) -> str:
    """One item as it stands in the text."""
    return f'"{_SPECIAL.sub(_escape, word)}"'


def words_of(text: str) -> tuple[str, ...]:
    """The tuple of a text that `written` gave.

    Example:
        >>> words_of(written(("vip", "a,b", "")))
        ('vip', 'a,b', '')
    """
    return tuple([_ESCAPED.sub(_plain, item[1:-1]) for item in text[1:-1].split(",")]) if text != "[]" else ()


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _plain(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
