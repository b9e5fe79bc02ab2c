"""Pairs of records, judged: within one set, or across two."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

import attrs

from relex.errors import InvalidValue
from relex.matching._blocks import Blocks, SkippedBlock, blocked, shared_keys
from relex.matching._filter import Filter
from relex.matching._judge import Judge
from relex.matching._pair import DECISIONS, Pair
from relex.matching._policy import MatchPolicy
from relex.matching._reading import Table, read, several

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from relex.matching._methods import Similarity
    from relex.matching._reading import Encoders
    from relex.parties import Record

__all__ = ["Pairs", "compare", "frequencies", "judged", "pairs", "tabled"]

_OFTEN = 1000
_SHOWN = 20


@attrs.frozen(kw_only=True, weakref_slot=False)
class Pairs:
    """What was found among records: the pairs by their refs, and what was passed over.

    Attributes:
        pairs: Links and reviews, and on demand those apart; one for each two refs.
        skipped: Keys that too many records share, largest first.
        records: How many were read.
        candidates: How many pairs were compared.

    .. versionadded:: 0.1.0
    """

    pairs: tuple[Pair, ...]
    skipped: tuple[SkippedBlock, ...] = ()
    records: int = 0
    candidates: int = 0

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def links(self) -> tuple[Pair, ...]:
        """Those that are linked."""
        return tuple(pair for pair in self.pairs if pair.decision == "link")

    @property
    def review(self) -> tuple[Pair, ...]:
        """Those for people to see, strongest first."""
        found = [pair for pair in self.pairs if pair.decision == "review"]
        return tuple(sorted(found, key=lambda pair: (-(pair.weight or 0), pair.a, pair.b)))

    def __str__(self) -> str:
        """In one line."""
        passed = f", {len(self.skipped)} blocks skipped" if self.skipped else ""
        return (
            f"{self.records} records, {self.candidates} pairs compared: "
            f"{len(self.links)} links, {len(self.review)} to review{passed}"
        )

    def _repr_html_(self) -> str:
        """The first pairs as a table: no script, everything escaped."""
        rows = "".join(
            f"<tr><td>{escape(pair.a)}</td><td>{escape(pair.b)}</td><td>{pair.decision}</td>"
            f"<td>{'' if pair.weight is None else f'{pair.weight:.2f}'}</td><td>{escape(pair.reason)}</td></tr>"
            for pair in self.pairs[:_SHOWN]
        )
        head = "<tr><th>a</th><th>b</th><th>decision</th><th>bits</th><th>reason</th></tr>"
        return f"<table><caption>{escape(str(self))}</caption>{head}{rows}</table>"


def pairs(
    records: Iterable[Record],
    others: Iterable[Record] | MatchPolicy,
    policy: MatchPolicy | None = None,
    *,
    apart: bool = False,
    encoders: Encoders | None = None,
    similarity: Similarity | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairs:
    """The pairs of records that a policy links or sends to review.

    `pairs(records, policy)` looks within one set, `pairs(left, right, policy)` across two. Only records that share a
    key are compared. Records of the same ref are the same party already and make no pair; where several statements of
    two parties are compared, the surest and strongest pair stands for them.

    Args:
        records: Read once, and not kept.
        others: The second set, or the policy.
        policy: How to match.
        apart: Whether pairs that were compared and are apart are given too.
        encoders: What keys may name besides `soundex`: functions from a text to its code or None.
        similarity: A faster way to the same scores, such as `relex.adapters.matching.RapidFuzz()`.
        progress: Called now and then with how many records are done, and how many there are.

    Raises:
        InvalidValue: For something other than records or a policy, or an encoder that is not known.

    .. versionadded:: 0.1.0
    """
    rule = others if policy is None else policy
    if not isinstance(rule, MatchPolicy):
        raise InvalidValue("pairs.policy", rule, "a MatchPolicy")
    right = None if policy is None else others
    table = tabled(records, right, rule, encoders or {})  # type: ignore[arg-type]  # a policy is no second set
    return judged(table, rule, apart=apart, similarity=similarity, progress=progress)


def judged(
    table: Table,
    policy: MatchPolicy,
    *,
    apart: bool = False,
    similarity: Similarity | None = None,
    progress: Callable[[int, int], None] | None = None,
    blocks: Blocks | None = None,
) -> Pairs:
    """The pairs of records that have been read; groups that are passed are used up."""
    judge = Judge(policy, similarity, frequencies(table, policy))
    found: dict[tuple[str, str], Pair] = {}
    compared = 0
    quick = None if apart else Filter(judge, table.columns)
    blocks = blocks or blocked(table, policy)
    for done, (one, those) in enumerate(blocks.once()):
        compared += len(those)
        for other in those if quick is None else quick.worthy(one, those):
            _keep(found, _judged(judge, table, one, other), apart=apart)
        if not done % _OFTEN:
            _tidy(quick)
            if progress is not None:
                progress(one, len(table.refs))
    return Pairs(
        pairs=tuple(found[refs] for refs in sorted(found)),
        skipped=blocks.skipped,
        records=len(table.refs),
        candidates=compared,
    )


def _tidy(quick: Filter | None) -> None:
    if quick is not None:
        quick.tidy()


def compare(
    a: Record,
    b: Record,
    policy: MatchPolicy,
    *,
    encoders: Encoders | None = None,
    similarity: Similarity | None = None,
    known: Mapping[str, Mapping[str, Fraction]] | None = None,
) -> Pair:
    """What a policy says of two records, whether they share a key or not.

    Args:
        a: A record.
        b: Another.
        policy: How to match.
        encoders: As for `pairs`.
        similarity: As for `pairs`.
        known: For comparisons by frequency, how often each value is found; without it all agreement counts alike.

    Raises:
        InvalidValue: For two records of one ref.

    .. versionadded:: 0.1.0
    """
    table = read("compare", (a, b), policy, encoders or {})
    found = _judged(Judge(policy, similarity, known), table, 0, 1)
    if found is None:
        raise InvalidValue("compare.b", b.ref, f"another party than {a.ref}")
    return found


def tabled(
    records: Iterable[Record], others: Iterable[Record] | None, policy: MatchPolicy, encoders: Encoders
) -> Table:
    """The rows of one set, or of two, one behind the other."""
    table = read("pairs.records", records, policy, encoders)
    if others is None:
        return table
    second = read("pairs.others", others, policy, encoders)
    return Table(
        refs=table.refs + second.refs,
        columns=[mine + theirs for mine, theirs in zip(table.columns, second.columns, strict=True)],
        keys=[mine + theirs for mine, theirs in zip(table.keys, second.keys, strict=True)],
        uniques=table.uniques + second.uniques,
        left=table.left,
        across=True,
    )


def frequencies(table: Table, policy: MatchPolicy) -> dict[str, dict[str, Fraction]]:
    """For comparisons by frequency, how often each value is found among those that are not blank."""
    found: dict[str, dict[str, Fraction]] = {}
    for comparison, column in zip(policy.comparisons, table.columns, strict=True):
        if comparison.frequency:
            counts = Counter(each for value in column for each in several(value))
            size = sum(value is not None for value in column)
            found[comparison.name] = {value: Fraction(count, size) for value, count in counts.items()}
    return found


def _judged(judge: Judge, table: Table, one: int, other: int) -> Pair | None:
    """The pair of two places, the lesser ref first; None for one party."""
    if table.refs[one] == table.refs[other]:
        return None
    if table.refs[other] < table.refs[one]:
        one, other = other, one
    rows = [column[one] for column in table.columns], [column[other] for column in table.columns]
    vetoes = _vetoes(table.uniques[one], table.uniques[other])
    return judge.pair((table.refs[one], table.refs[other]), rows, vetoes, shared_keys(table, judge.policy, one, other))


def _vetoes(one: Mapping[str, frozenset[str]] | None, other: Mapping[str, frozenset[str]] | None) -> list[str]:
    """The kinds of unique identifier of which the two have different values."""
    if one is None or other is None:
        return []
    return sorted(kind for kind, values in one.items() if values and other.get(kind) and values.isdisjoint(other[kind]))


def _keep(found: dict[tuple[str, str], Pair], pair: Pair | None, *, apart: bool) -> None:
    if pair is None or (pair.decision == "apart" and not apart):
        return
    before = found.get((pair.a, pair.b))
    if before is None or _rank(pair) > _rank(before):
        found[pair.a, pair.b] = pair


def _rank(pair: Pair) -> tuple[int, Decimal | int, tuple[tuple[str, Decimal], ...]]:
    known = tuple((name, score) for name, score in pair.scores if score is not None)
    return -DECISIONS.index(pair.decision), 0 if pair.weight is None else pair.weight, known
