"""What addresses are compared by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relex.parties._fold import fold, require_text
from relex.parties._name_keys import common

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["address_key", "postal_key"]

_LONG_VOWEL_AS_HYPHEN = re.compile(r"(?<=\d)ー(?=\d)")
_SIGNS = str.maketrans(dict.fromkeys(".,、", " "))
_NOT_POSTAL = bytes(code for code in range(128) if not chr(code).isalnum())


def address_key(text: str, *, variants: Mapping[str, str] | None = None) -> str | None:
    """What an address line is compared by: folded, common kanji, one hyphen between numbers, no stops and commas.

    Args:
        text: The address, as written.
        variants: Old to common characters, besides `VARIANTS`.

    Raises:
        InvalidValue: For what is no str, and for variants as in `name_key`.

    Example:
        >>> address_key("１−２ー３ 澤ビル"), address_key("5, Main St.")
        ('1-2-3 沢ビル', '5 main st')

    .. versionadded:: 0.1.0
    """
    require_text("address_key", text)
    found = common("address_key", fold(text), variants)
    if found.isascii():
        found = found.replace(".", " ").replace(",", " ")
    else:
        found = _LONG_VOWEL_AS_HYPHEN.sub("-", found).translate(_SIGNS)
    return " ".join(found.split()) or None


def postal_key(text: str) -> str | None:
    """What a postal code is compared by: the letters and digits of ASCII in its folded text.

    Raises:
        InvalidValue: For what is no str.

    Example:
        >>> postal_key("〒１００−０００１"), postal_key("SW1A 1AA")
        ('1000001', 'sw1a1aa')

    .. versionadded:: 0.1.0
    """
    require_text("postal_key", text)
    return fold(text).encode("ascii", "ignore").translate(None, _NOT_POSTAL).decode() or None
