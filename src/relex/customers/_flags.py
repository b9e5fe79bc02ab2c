"""What is odd about a value: a code, how bad it is, and what was found."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["QUALITY_CODES", "SEVERITIES", "Flag", "flag"]

SEVERITIES = ("note", "doubt", "fault")
"""How bad a flag is, from the least to the worst."""

QUALITY_CODES: Mapping[str, str] = MappingProxyType(
    {
        "all-caps": "note",
        "digit-in-name": "doubt",
        "digits-in-place": "doubt",
        "disposable-domain": "doubt",
        "email-in-place": "doubt",
        "fake-name": "fault",
        "fictional-number": "fault",
        "future-date": "fault",
        "implausible-age": "fault",
        "invisible-characters": "note",
        "keyboard-run": "doubt",
        "legacy-local-part": "note",
        "no-region": "doubt",
        "not-a-date": "doubt",
        "not-a-phone": "doubt",
        "not-an-email": "fault",
        "placeholder": "fault",
        "privacy-relay": "note",
        "repeated-characters": "doubt",
        "repeated-digits": "fault",
        "reserved-domain": "fault",
        "role-address": "note",
        "same-given-family": "doubt",
        "sample-name": "doubt",
        "sequential-digits": "fault",
        "stale": "note",
        "too-long": "doubt",
        "too-short": "doubt",
        "two-in-one": "doubt",
        "typo-domain": "doubt",
        "url-in-name": "doubt",
    }
)
"""Every code that a flag may have, and its severity."""


@attrs.frozen
class Flag:
    """One thing that is odd about one value; the value itself is kept as it is.

    Attributes:
        field: Where: `name`, `email`, `phone`, `city`, ...
        code: One of `QUALITY_CODES`.
        severity: `note`, `doubt` or `fault`.
        detail: What was found, for people; long values are cut and invisible signs are shown by their numbers.
        suggestion: What may have been meant. Nothing applies it.

    .. versionadded:: 0.1.0
    """

    field: str = attrs.field(validator=_checks.text)
    code: str = attrs.field(validator=_checks.one_of(*QUALITY_CODES))
    severity: str = attrs.field(validator=_checks.one_of(*SEVERITIES))
    detail: str = attrs.field(validator=_checks.a(str))
    suggestion: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))

    def __str__(self) -> str:
        hint = "" if self.suggestion is None else f"; perhaps {self.suggestion}"
        return f"{self.severity} {self.field} {self.code}: {self.detail}{hint}"


def flag(field: str, code: str, *found: object, suggestion: str | None = None) -> Flag:
    """A flag with the severity of its code, and with what was found as its detail."""
    return Flag(field, code, QUALITY_CODES[code], ", ".join(map(shown, found)), suggestion)
