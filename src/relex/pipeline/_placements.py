"""Where an account belongs, and why it is there and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.errors import InvalidValue
from relex.pipeline._territory import TerritoryMembership
from relex.purchases._entries import only, seen
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.pipeline._territory_tree import TerritoryTree
    from relex.rules import Verdict

__all__ = ["Placement", "TerritoryVerdict", "decided"]


@attrs.frozen(kw_only=True)
class TerritoryVerdict:
    """Why an account is or is not in one territory.

    Attributes:
        territory: Its id.
        outcome: `matches`; `covered` (it matches, and so does one below it); `no_match`; by hand `included` or
            `excluded`.
        verdict: What its rule and those that it inherits found; also where somebody decided by hand.
        entry: What was decided by hand; None where it was not, or was left to the rules again.
        below: For `covered`: the territories below it that the account is in, or that match as well, sorted.

    .. versionadded:: 0.1.0
    """

    territory: str
    outcome: str
    verdict: Verdict
    entry: TerritoryMembership | None = None
    below: tuple[str, ...] = ()

    @property
    def is_in(self) -> bool:
        """Whether the account is in it."""
        return self.outcome in {"matches", "included"}

    def __str__(self) -> str:
        if self.entry is not None:
            why = "" if self.entry.reason is None else f": {self.entry.reason}"
            return f"{self.territory}: {self.outcome} by {self.entry.by} on {self.entry.at.isoformat()}{why}"
        covered = f" by {', '.join(self.below)}" if self.below else ""
        return f"{self.territory}: {self.outcome}{covered}"


@attrs.frozen(kw_only=True)
class Placement:
    """The territories that an account is in as of an instant.

    Attributes:
        account: Its id; None where it has none.
        territories: Ids, by rank, then by id.
        as_of: The instant.

    .. versionadded:: 0.1.0
    """

    account: str | None
    territories: tuple[str, ...]
    as_of: datetime
    _asked: tuple[TerritoryTree, dict[str, Any], dict[str, TerritoryMembership]] = attrs.field(
        alias="asked", eq=False, repr=False
    )

    @property
    def primary(self) -> str | None:
        """The first of them; None where the account is in none."""
        return self.territories[0] if self.territories else None

    @property
    def verdicts(self) -> tuple[TerritoryVerdict, ...]:
        """Why the account is or is not in each territory, by id; the rules are judged again for this."""
        tree, facts, hand = self._asked
        found = []
        for each in tree.territories:
            verdict = evaluate(tree.rule(each.id), facts, self.as_of)
            entry = hand.get(each.id)
            if entry is not None and entry.status != "by_rule":
                found.append(TerritoryVerdict(territory=each.id, outcome=entry.status, verdict=verdict, entry=entry))
                continue
            below = tuple([other for other in self.territories if each.id in tree.above(other)])
            outcome = "no_match" if verdict.answer is not True else "covered" if below else "matches"
            if outcome != "covered":
                below = ()
            found.append(TerritoryVerdict(territory=each.id, outcome=outcome, verdict=verdict, below=below))
        return tuple(found)

    def __str__(self) -> str:
        return f"{self.account or 'account'}: {', '.join(self.territories) or 'no territory'}"

    def _repr_html_(self) -> str:
        """One row for each territory."""
        rows = [(each.territory, str(each), str(each.verdict)) for each in self.verdicts]
        return table(str(self), ("territory", "outcome", "rule"), rows)


def decided(
    account: object, memberships: Iterable[TerritoryMembership], as_of: datetime, known_at: datetime | None
) -> dict[str, TerritoryMembership]:
    """What was decided by hand about an account, by territory: the latest entry; at one instant the last by id."""
    entries = seen(only("TerritoryTree.territories_of.memberships", memberships, TerritoryMembership), as_of, known_at)
    if entries and not _checks.text.passes(account):
        raise InvalidValue(
            "TerritoryTree.territories_of.account", account, "an account with an id, to find its entries"
        )
    mine = [entry for entry in entries if entry.account == account]
    return {entry.territory: entry for entry in sorted(mine, key=lambda entry: (moment(entry.at), entry.id))}
