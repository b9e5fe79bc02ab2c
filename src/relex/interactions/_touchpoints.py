"""The places where customers meet us, by name, with the channel and the stage of the journey that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.interactions._interaction import Interaction
from relex.interactions._parts import TEXT_OR_NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Touchpoint", "TouchpointCatalog"]


@tagged("interactions.Touchpoint")
@attrs.frozen(weakref_slot=False)
class Touchpoint:
    """A place where customers meet us.

    Attributes:
        name: The stable name that interactions carry.
        channel: The channel that it is on; None where it may be on any.
        stage: The stage of the journey that it belongs to.
        label: How people read it; the name where there is none.

    Example:
        >>> str(Touchpoint("checkout", channel="web", stage="purchase", label="Checkout page"))
        'Checkout page (web, purchase)'

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    channel: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    stage: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    label: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)

    def __str__(self) -> str:
        parts = ", ".join(part for part in (self.channel, self.stage) if part is not None)
        return f"{self.label or self.name}{f' ({parts})' if parts else ''}"


def _touchpoints(values: Iterable[Touchpoint]) -> tuple[Touchpoint, ...]:
    found = _checks.items("TouchpointCatalog.touchpoints", values)
    _checks.each(_checks.a(Touchpoint)).require("TouchpointCatalog.touchpoints", found)
    return tuple(sorted(found, key=lambda each: each.name))


@tagged("interactions.TouchpointCatalog")
@attrs.frozen(weakref_slot=False)
class TouchpointCatalog:
    """The touchpoints that are known: a definition. Interactions may name others.

    Attributes:
        touchpoints: Sorted by name; each name once.
        version: Of the definition; raise it with each change.

    Raises:
        InvalidValue: For a name twice, or a version below 1.

    Example:
        >>> catalog = TouchpointCatalog([Touchpoint("store", stage="visit"), Touchpoint("checkout", stage="purchase")])
        >>> catalog.stage_of("checkout"), catalog.stage_of("unheard of")
        ('purchase', None)

    .. versionadded:: 0.1.0
    """

    touchpoints: tuple[Touchpoint, ...] = attrs.field(converter=_touchpoints, validator=_checks.unique("name"))
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)

    def find(self, name: str | None) -> Touchpoint | None:
        """The touchpoint of a name; None for one that is not listed, and for None.

        .. versionadded:: 0.1.0
        """
        return next((each for each in self.touchpoints if each.name == name), None)

    def stage_of(self, name: str | None) -> str | None:
        """The stage of the journey that a touchpoint belongs to; None where that is not known.

        .. versionadded:: 0.1.0
        """
        found = self.find(name)
        return None if found is None else found.stage

    def unknown(self, interactions: Iterable[Interaction]) -> tuple[str, ...]:
        """Sorted names that interactions carry and the catalog does not list.

        Raises:
            InvalidValue: For something else than interactions.

        .. versionadded:: 0.1.0
        """
        given = _checks.items("TouchpointCatalog.unknown.interactions", interactions)
        _checks.each(_checks.a(Interaction)).require("TouchpointCatalog.unknown.interactions", given)
        known = {each.name for each in self.touchpoints}
        return tuple(sorted({each.touchpoint for each in given if each.touchpoint is not None} - known))
