"""Finding child facts, and adding up a number over them exactly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from typing import TYPE_CHECKING, Any

from relex.rules._facts import Kind, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.rules._facts import Facts

__all__ = ["child_facts", "scope", "total"]

# Wide enough for any sum of amounts, and it refuses to round: what does not fit is no number of this domain.
_EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact, InvalidOperation, Overflow, Subnormal])


def child_facts(facts: Facts, name: str) -> tuple[Facts, ...] | str:
    """The children of that name, or the reason why there are none to ask."""
    found = facts.get(name)
    if found is None:
        return f"missing:{name}"
    if isinstance(found, tuple) and all(item.__class__ is dict or isinstance(item, Mapping) for item in found):
        return found
    return f"type:{name}"


def scope(parent: Facts, child: Facts) -> dict[str, Any]:
    """What a rule about a child can ask: the child's facts, and behind them the parent's."""
    return {**parent, **child}


def total(fact: str, counting: Iterable[Facts]) -> Decimal | str:
    """The exact sum of a number, or the reason why there is none."""
    added = Decimal(0)
    for facts in counting:
        found = facts.get(fact)
        if found is None:
            return f"missing:{fact}"
        seen = read(found)
        if seen is None or seen[0] is not Kind.NUMBER:
            return f"type:{fact}"
        try:
            added = _EXACT.add(added, seen[1])
        except (Inexact, InvalidOperation, Overflow, Subnormal):
            return f"type:{fact}"
    return added
