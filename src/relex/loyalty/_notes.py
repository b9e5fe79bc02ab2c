"""What a fold writes down: what moved, and what became of each lot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relex.loyalty._events import Credit

__all__ = ["Effect", "Notes"]

Effect = tuple[Any, ...]
"""`(instant, what, currency, lot or entry, points)`, and the key of the debit where a lot covered one.

What: `matured`, `activated` (a lot left escrow), `expired`, `took` (a debit used a lot), `paid` (a lot paid a debt),
`owed` (a debit was not covered), `reversed`, `gone` (a return found that it had expired), `short` (a return could not
have it), `lapsed` (a hold came to its end), `released` (a debit gave back to a lot), `forgiven` (a debit gave back what
was owed), `canceled` (a lot was not activated in time).
"""


class Notes:
    """What followers ask about, kept by a fold from the first entry on.

    Attributes:
        credits: The credit of each lot.
        taken: For each debit the lots and points it was covered with, in order.
        expired: What expired of each lot and was not yet counted by a return.
    """

    __slots__ = ("credits", "expired", "taken")

    def __init__(self) -> None:
        self.credits: dict[str, Credit] = {}
        self.taken: dict[tuple[str, str], list[tuple[Any, int]]] = {}
        self.expired: dict[str, int] = {}
