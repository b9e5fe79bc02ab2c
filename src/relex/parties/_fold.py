"""Text made equal where it looks equal, for comparing and for nothing else.

The steps stand in one order, because each makes work for the next:

1. Signs that nobody sees go. They must go before the normal form is made: a mark behind a zero-width space does not
   join its letter, so that the same text with and without the space would end in two keys.
2. NFKC: wide and narrow forms, ligatures and squared signs (㈱) become their plain letters.
3. Upper case goes by case folding, the same in every locale.
4. Marks go from Latin letters, and from no others: が keeps its voicing and й its breve.
5. What is neither composed nor cased for Unicode: hyphens, the wave dash, letters with a bar.
6. White space becomes one space.

`unicodedata.normalize` sorts marks by insertion, so that a million marks in a row would take hours: long text gets its
marks sorted first, which changes nothing else.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Literal
from unicodedata import category, combining, normalize

from relex.errors import InvalidValue

__all__ = ["fold", "normal", "require_text", "seen"]

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are no white space
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ud800-\udfff]+"  # halves of pairs, which are no characters
)
_LATIN = frozenset(
    chr(code)
    for first, last in (
        (0x61, 0x2AF), (0x1D00, 0x1D25), (0x1D6B, 0x1EFF), (0x2184, 0x2184), (0x2C60, 0x2C7F), (0xA722, 0xA787),
        (0xA78B, 0xA7FF), (0xAB30, 0xAB64), (0xAB66, 0xAB68), (0x1DF00, 0x1DF1E),
    )
    for code in range(first, last + 1)
    if chr(code).isalpha()
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")
_PLAIN_MARKS = re.compile("(?<=[a-z])[\u0300-\u036f]+")  # nearly all
_LAST = {
    0x301C: "~",
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-"),
    **{ord(old): new for old, new in zip("łøđðæœþı", ("l", "o", "d", "d", "ae", "oe", "th", "i"), strict=True)},
}
_OTHER = re.compile(f"[{''.join(map(chr, _LAST))}]")
_LONG = 256


def require_text(function: str, text: object) -> None:
    """Raise `InvalidValue` for what is no str."""
    if not isinstance(text, str):
        raise InvalidValue(f"{function}.text", text, "a str")


def seen(text: str) -> str:
    """The text without the signs that nobody sees."""
    return _UNSEEN.sub("", text)


def normal(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """A normal form, in linear time."""
    return normalize(form, text if len(text) <= _LONG else _settled(form, text))


def fold(text: str) -> str:
    """Text made equal where it looks equal: width, case, marks on Latin letters, hyphens, white space, unseen signs.

    NFKC alone leaves several hyphens, the wave dash, zero-width signs and the bars of ł and ø. What is no letter
    stays, so that the result still reads like the text. Nothing depends on a locale.

    Returns:
        The folded text; the empty str where nothing is to be seen.

    Raises:
        InvalidValue: For what is no str; for no str.

    Example:
        >>> fold("㈱ＡＢＣ"), fold("Łoś"), fold("ﾔﾏﾀﾞ ﾀﾛｳ")
        ('(株)abc', 'los', 'ヤマダ タロウ')

    .. versionadded:: 0.1.0
    """
    require_text("fold", text)
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    found = normal("NFKC", seen(text)).casefold()
    if not found.isascii():
        found = normal("NFC", _bare(normal("NFD", found)))
        found = found.translate(_LAST) if _OTHER.search(found) else found
    return " ".join(found.split())


def _bare(text: str) -> str:
    """Decomposed text without the marks of Latin letters."""
    text = _PLAIN_MARKS.sub("", text)
    return _walked(text) if _MARKS.search(text) else text


def _walked(text: str) -> str:
    kept = []
    is_latin = False
    for sign in text:
        if "\u0300" <= sign <= "\u036f":
            if is_latin:
                continue
        elif category(sign)[0] != "M":
            is_latin = sign in _LATIN
        kept.append(sign)
    return "".join(kept)


def _settled(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    parts: Literal["NFKD", "NFD"] = "NFKD" if form == "NFKC" else "NFD"
    signs = "".join([normalize(parts, sign) for sign in text])
    return "".join("".join(sorted(run, key=combining)) if is_mark else "".join(run) for is_mark, run in _runs(signs))


def _runs(signs: str) -> groupby[bool, str]:
    return groupby(signs, key=lambda sign: combining(sign) != 0)
