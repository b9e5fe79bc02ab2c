"""What names are compared by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import Any
from unicodedata import category, is_normalized

from relex import _checks
from relex.errors import InvalidValue
from relex.parties._fold import fold, require_text

__all__ = ["VARIANTS", "common", "name_key"]

_MAPPING = _checks.a(Mapping)
_PAIRS = (
    "髙高 﨑崎 𠮷吉 邉辺 邊辺 澤沢 濱浜 濵浜 齋斎 齊斉 櫻桜 國国 廣広 德徳 惠恵 眞真 寬寛 瀨瀬 黑黒 嶋島 嶌島 龍竜 "
    "條条 會会 學学 榮栄 圓円 藏蔵"
)

VARIANTS: Mapping[str, str] = MappingProxyType({pair[0]: pair[1] for pair in _PAIRS.split()})
"""Kanji variants and their common forms, as they are taken for equal in keys. 斎 and 斉 stay two."""

_COMMON = {ord(old): new for old, new in VARIANTS.items()}
_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_NAMES = {**_COMMON, **_KATAKANA}
_OLD = re.compile(f"[{''.join(map(chr, _NAMES))}]")
_LOWER = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_UNMARKED = re.compile(r"[\w\s!-/:-@\[-`{-~·×÷‐-―‘-‟•…′″、-】〔-〟～・]*")


def name_key(text: str, *, variants: Mapping[str, str] | None = None) -> str | None:
    """What a name is compared by: folded, common kanji, katakana, and nothing but letters, marks and numbers.

    The same name in other widths, cases, accents and spacings has the same key; a name of nothing but signs has none.
    The long vowel ー is a letter. The key is for comparing, never for showing.

    Args:
        text: The name, as written.
        variants: Old to common characters, besides `VARIANTS`.

    Raises:
        InvalidValue: For what is no str; for variants that are no pairs of single characters, or whose common
            character is itself an old one.

    Example:
        >>> name_key("O’Brien"), name_key("髙橋"), name_key("ふぁーすと"), name_key(" - ")
        ('obrien', '高橋', 'ファースト', None)

    .. versionadded:: 0.1.0
    """
    require_text("name_key", text)
    if variants is not None:
        text = fold(text).translate(_pairs("name_key", variants))
    if text.isascii():
        return _plain(text)
    folded = fold(text)
    if folded.isascii():
        return _plain(folded)
    return _letters(folded.translate(_NAMES) if _OLD.search(folded) else folded) or None


def common(function: str, folded: str, variants: Mapping[str, str] | None) -> str:
    """Folded text with kanji in their common form."""
    if variants is not None:
        folded = fold(folded.translate(_pairs(function, variants)))
    return folded if folded.isascii() else folded.translate(_COMMON)


def _plain(text: str) -> str | None:
    return text.encode().translate(_LOWER, _SIGNS).decode() or None


def _letters(text: str) -> str:
    is_unmarked = _UNMARKED.fullmatch(text) is not None
    kept = filter(str.isalnum, text) if is_unmarked else [sign for sign in text if category(sign)[0] in "LMN"]
    found = text if text.isalnum() else "".join(kept)
    # Without the signs between, a mark joins the letter before it (か゛ is が), and so do halves of Korean syllables.
    return found if is_unmarked and is_normalized("NFC", found) else fold(found)


def _pairs(function: str, variants: Mapping[str, str]) -> dict[int, str]:
    _MAPPING.require(f"{function}.variants", variants)
    found: dict[Any, Any] = dict(variants)
    for old, new in found.items():
        if not all(isinstance(each, str) and len(each) == 1 for each in (old, new)) or new in variants:
            raise InvalidValue(f"{function}.variants", (old, new), "an old character and a common one that is not old")
    return {ord(old): new for old, new in found.items()}
