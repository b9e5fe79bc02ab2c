"""Which of several statements about one contact holds: the newest of each chain of corrections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.interactions._interaction import Interaction
from relex.interactions._parts import by_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Corrected", "corrected", "standing"]


@attrs.frozen(kw_only=True)
class Corrected:
    """The interactions that hold, and the corrections that do not fit.

    Attributes:
        interactions: The newest of each chain, in the order in which the chains were given.
        anomalies: Sorted (interaction id, code) pairs: `unknown-interaction` (it corrects something that is not here),
            `corrected-twice` (two corrections of one interaction: the one known last holds), `correction-cycle` (they
            correct each other: the one known last holds).

    .. versionadded:: 0.1.0
    """

    interactions: tuple[Interaction, ...]
    anomalies: tuple[tuple[str, str], ...]


def corrected(interactions: Iterable[Interaction]) -> Corrected:
    """Each interaction once, and of those that correct each other only the newest.

    Nothing is dropped without a newer statement in its place: a correction of something unknown counts as it stands.

    Args:
        interactions: In any order; the same one may come twice.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> call = Interaction("i1", at=day, channel="phone", direction="inbound")
        >>> chat = Interaction("i2", at=day, channel="chat", direction="inbound", corrects="i1")
        >>> [each.id for each in corrected([call, chat]).interactions]
        ['i2']

    .. versionadded:: 0.1.0
    """
    found = _checks.items("corrected.interactions", interactions)
    _checks.each(_checks.a(Interaction)).require("corrected.interactions", found)
    named = by_id(found)
    if all(each.corrects is None for each in named.values()):
        return Corrected(interactions=tuple(named.values()), anomalies=())
    roots, looped = _roots(named)
    chains: dict[str, list[Interaction]] = {}
    for each in named.values():
        chains.setdefault(roots[each.id], []).append(each)
    targets = [each.corrects for each in named.values() if each.corrects is not None]
    return Corrected(
        interactions=tuple(_newest(chain, set(targets)) for chain in chains.values()),
        anomalies=tuple(sorted(_misfits(named, targets, looped))),
    )


def standing(path: str, interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """The interactions that hold; what is no interaction is refused at the path."""
    found = _checks.items(path, interactions)
    _checks.each(_checks.a(Interaction)).require(path, found)
    return corrected(found).interactions


def _roots(named: dict[str, Interaction]) -> tuple[dict[str, str], set[str]]:
    """What each chain began with, for each of its members; and the members of circles.

    Each interaction is walked once, so a chain of any length and a circle of any kind come to an end.
    """
    roots: dict[str, str] = {}
    looped: set[str] = set()
    for start in named:
        walked: dict[str, None] = {}
        place: str | None = start
        while place is not None and place in named and place not in roots and place not in walked:
            walked[place] = None
            place = named[place].corrects
        path = list(walked)
        if place in walked:
            circle = path[path.index(place) :]
            looped.update(circle)
            root = min(circle)
        else:
            root = roots[place] if place in roots else path[-1]
        roots.update(dict.fromkeys(path, root))
    return roots, looped


def _newest(chain: list[Interaction], targets: set[str]) -> Interaction:
    """The one that nobody corrects; of several, or in a circle, the one known last."""
    ends = [each for each in chain if each.id not in targets]
    return max(ends or chain, key=lambda each: (moment(each.received_at or each.at), each.id))


def _misfits(named: dict[str, Interaction], targets: list[str], looped: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, "correction-cycle") for name in looped)
    for name, count in Counter(targets).items():
        if name in named and count > 1:
            yield name, "corrected-twice"
    for each in named.values():
        if each.corrects is not None and each.corrects not in named:
            yield each.id, "unknown-interaction"
