"""How a party wants to be spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar
from relex.codec import tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Preferences"]


_TAGS = _checks.each(_checks.text)


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("Preferences", values)
    _checks.each(_checks.text).require("Preferences", found)
    return tuple(dict.fromkeys(found))


@tagged("parties.Preferences")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Preferences:
    """Languages and channels in the order of preference, channels to avoid, and the hours of contact.

    Attributes:
        languages: BCP 47 tags, the dearest first.
        channels: The dearest first.
        avoid: Channels that are not wanted.
        hours: When contact is wanted, in the party's own time zone; None is at any time.

    .. versionadded:: 0.1.0
    """

    languages: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    channels: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    avoid: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    hours: BusinessCalendar | None = attrs.field(default=None, validator=_checks.optional(_checks.a(BusinessCalendar)))

    def __str__(self) -> str:
        """Such as `ja, en; by email; not by phone; in hours`."""
        parts = (
            ", ".join(self.languages),
            f"by {', '.join(self.channels)}" if self.channels else "",
            f"not by {', '.join(self.avoid)}" if self.avoid else "",
            "in hours" if self.hours is not None else "",
        )
        return "; ".join(filter(None, parts)) or "none"

    def language_for(self, available: Iterable[str]) -> str | None:
        """The best of the languages that are there, as it is written there; None when none is.

        For each tag, the dearest first, subtags are cut from its end until one is available; a single letter or digit
        at the end goes with what it introduced. Case does not matter.

        Raises:
            InvalidValue: For what is no iterable of non-empty str.

        Source: RFC 4647, section 3.4 (lookup).

        Example:
            >>> Preferences(languages=["zh-Hant-TW", "en"]).language_for(["en", "zh-Hant", "ja"])
            'zh-Hant'
        """
        tags = _checks.items("language_for.available", available)
        _TAGS.require("language_for.available", tags)
        known = {tag.casefold(): tag for tag in reversed(tags)}
        return next((found for tag in self.languages if (found := _looked_up(tag.casefold(), known))), None)


def _looked_up(tag: str, known: dict[str, str]) -> str | None:
    longest = max(map(len, known), default=0)
    while tag:
        if tag in known:
            return known[tag]
        tag = tag[: max(tag.rfind("-", 0, longest + 1), 0)]  # what is longer than all that is known is cut at once
        if tag[-2:-1] in {"", "-"}:
            tag = tag[:-2]
    return None
