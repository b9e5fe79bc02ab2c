"""Which of the rules of a group count: one model for earning and for promotions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from relex.loyalty._rules import Choose, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["ends", "winners"]

T = TypeVar("T")


def winners(
    choose: Choose,
    members: Sequence[T],
    stacking: Callable[[T], Stack],
    more: Callable[[T, T], bool],
) -> tuple[Sequence[T], T | None]:
    """Those that count, and the one that shuts out the others; None when all count.

    Args:
        choose: How the group is chosen, but for `BEST_PER_LINE`, which each side works out by itself.
        members: Those that fire, in their order; at least one.
        stacking: How a member stands beside the others.
        more: Whether the first of two gives more than the second.
    """
    if choose is Choose.BEST:
        best = members[0]
        for member in members[1:]:
            if more(member, best):
                best = member
        return [best], best
    if choose is Choose.FIRST:
        return members[:1], members[0]
    kinds = [stacking(member) for member in members]
    if Stack.ALONE in kinds:
        alone = members[kinds.index(Stack.ALONE)]
        return [alone], alone
    if Stack.STOP in kinds:
        place = kinds.index(Stack.STOP)
        return members[: place + 1], members[place]
    return members, None


def ends(choose: Choose, stacking: Stack) -> bool:
    """Whether a member that fires is the last one of its group that counts."""
    return choose is Choose.FIRST or (choose is Choose.ALL and stacking is not Stack.ADD)
