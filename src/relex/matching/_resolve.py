"""From pairs to parties: links are taken one after another, the surest first, and refused where they break a rule.

Theory of operation. What people said of pairs is taken first, the latest first, since a person knows better than a
score. Then come the links, the strongest first. Each joins two groups, unless the union would hold two records that are
not the same, two values of a unique identifier, or too many identifiers of a kind; then it is refused, with the reason.
So a weak link can never push a strong one aside. Ties are broken by the refs: the order of the input does not matter.
And since a threshold only cuts the list of links short, the groups of a stricter threshold are parts of the groups of
a looser one, and one run serves both.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from relex import _checks
from relex._instants import moment
from relex.errors import InvalidValue
from relex.matching._assertions import NotSameAs, Retracted, SameAs, latest, standing
from relex.matching._entries import once, until
from relex.matching._groups import Groups
from relex.matching._identifier_rules import IdentityRules
from relex.matching._pair import DECISIONS, Pair
from relex.matching._pairs import Pairs, pairs as judged
from relex.matching._policy import MatchPolicy
from relex.matching._resolution import Refused, Resolution, open_questions, strongest_first
from relex.parties import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from relex.matching._assertions import Assertion
    from relex.matching._identifier_rules import Excess

__all__ = ["ScoredPair", "resolve"]

_RULES = _checks.optional(_checks.a(IdentityRules))
_POLICY = _checks.optional(_checks.a(MatchPolicy))
_INSTANT = _checks.optional(_checks.instant)
_WEIGHT = _checks.Check(
    "an int or a Decimal (a float is never exact)",
    lambda value: isinstance(value, (int, Decimal)) and _checks.exact.passes(value),
)
_ASSERTIONS = (SameAs, NotSameAs, Retracted)


class ScoredPair(Protocol):
    """What another engine found of two records.

    .. versionadded:: 0.1.0
    """

    @property
    def a(self) -> str:
        """Ref of the one record."""
        ...

    @property
    def b(self) -> str:
        """Ref of the other."""
        ...

    @property
    def weight(self) -> int | Decimal | None:
        """How sure it is; the larger, the surer."""
        ...


def resolve(
    records: Iterable[Record],
    policy: MatchPolicy | None = None,
    assertions: Iterable[Assertion] = (),
    pairs: Iterable[ScoredPair | tuple[str, str, int | Decimal]] | None = None,
    as_of: datetime | None = None,
    *,
    identity: IdentityRules | None = None,
) -> Resolution:
    """Which records are of one party.

    Of several statements with one ref the newest counts, and records of one ref are of one party anyway. The answer
    depends on nothing but what is given; not on its order, and not on an answer before, so stricter rules or changed
    records take apart what was together.

    Args:
        records: In any order; the same one may come twice.
        policy: Finds the pairs where none are given, names the kinds of identifier that are unique, and has the
            thresholds for given pairs that are not decided yet.
        assertions: What people said, in any order.
        pairs: From `relex.matching.pairs`, or from another engine: anything with `a`, `b` and `weight`, or such
            triples. One that has no decision is a link from `policy.link_at` on and for review from
            `policy.review_at` on; without a policy it is a link.
        as_of: Only what had been stated by then, inclusive, and the instant that the windows of identifiers end at;
            None is everything, and the time of the newest record.
        identity: How many identifiers of a kind one party may have; by default 1 `user_id` and 5 of any other.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For neither policy nor pairs, a pair that names an unknown record or has an inexact weight,
            something else than records or assertions, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> records = [Record("crm", key, day) for key in "abcd"]
        >>> scored = [("crm/a", "crm/b", 9), ("crm/b", "crm/c", 7), ("crm/c", "crm/d", 8)]
        >>> apart = NotSameAs("n1", "crm/a", "crm/d", by="eve", at=day)
        >>> found = resolve(records, assertions=[apart], pairs=scored)
        >>> found.groups
        (('crm/a', 'crm/b'), ('crm/c', 'crm/d'))
        >>> print(found.refused[0])
        crm/b = crm/c (weight 7, given) is refused, since eve said on 2026-05-04 that crm/a and crm/d are not the same

    .. versionadded:: 0.1.0
    """
    _POLICY.require("resolve.policy", policy)
    _RULES.require("resolve.identity", identity)
    _INSTANT.require("resolve.as_of", as_of)
    if policy is None and pairs is None:
        raise InvalidValue("resolve.policy", None, "a MatchPolicy, where no pairs are given")
    entries = once("resolve.assertions", assertions, *_ASSERTIONS)
    statements = _by_ref(records)
    newest = _newest(statements, as_of)
    found: Any = judged(newest.values(), policy) if pairs is None and policy is not None else pairs
    edges = _edges(found, policy, statements, newest)
    said = {pair: entry for pair, entry in standing(entries, as_of).items() if newest.keys() >= set(pair)}
    rules = (identity or IdentityRules()).with_unique(() if policy is None else policy.unique)
    joined = _joined(newest, said, [pair for pair in edges if pair.decision == "link"], rules, as_of)
    undecided = strongest_first([pair for pair in edges if pair.decision == "review" and (pair.a, pair.b) not in said])
    return attrs.evolve(
        joined,
        review=open_questions(joined.groups, undecided, said.values()),
        undecided=undecided,
        skipped_blocks=found.skipped if isinstance(found, Pairs) else (),
        anomalies=_anomalies(entries, until(as_of, entries), statements),
        assertions=tuple([said[pair] for pair in sorted(said)]),
        as_of=as_of,
    )


def _joined(
    newest: Mapping[str, Record],
    said: Mapping[tuple[str, str], SameAs | NotSameAs],
    links: Iterable[Pair],
    rules: IdentityRules,
    as_of: datetime | None,
) -> Resolution:
    """The groups, and what became of each link."""
    number = {ref: index for index, ref in enumerate(newest)}
    groups = Groups(len(number), rules, _values(rules, tuple(newest.values()), as_of))
    for (a, b), entry in said.items():
        if isinstance(entry, NotSameAs):
            groups.keep_apart(number[a], number[b], entry)
    taken: list[Pair] = []
    refused: list[Refused] = []
    for pair in (*_must_links(said.values()), *strongest_first(links)):
        hindrance = groups.join(number[pair.a], number[pair.b])
        if hindrance is None:
            taken.append(pair)
        else:
            refused.append(_refused(pair, hindrance))
    return Resolution(
        groups=groups.named(tuple(newest)), links=tuple(taken), refused=tuple(refused), records=tuple(newest.values())
    )


def _must_links(said: Iterable[SameAs | NotSameAs]) -> list[Pair]:
    """Pairs that people put together, the latest first."""
    same = sorted([entry for entry in said if isinstance(entry, SameAs)], key=latest, reverse=True)
    return [Pair(*entry.pair, reason=f"same-as:{entry.id}") for entry in same]


def _refused(pair: Pair, hindrance: NotSameAs | Excess) -> Refused:
    if isinstance(hindrance, NotSameAs):
        return Refused(pair=pair, reason="not-same", assertion=hindrance)
    rule = hindrance.rule
    reason = "unique" if rule.unique else "limit"
    return Refused(pair=pair, reason=reason, kind=rule.kind, limit=rule.limit, values=hindrance.values)


def _values(
    rules: IdentityRules, records: Sequence[Record], as_of: datetime | None
) -> Callable[[int], dict[str, set[str]]]:
    """The identifiers of a record that count to the limits, by the number of the record."""
    at = max([record.at for record in records], key=moment, default=None) if as_of is None else as_of

    def values(number: int) -> dict[str, set[str]]:
        record = records[number]
        if not record.identifiers or at is None:
            return {}
        seen = record.time("identifiers")
        return rules.counted([(each, seen) for each in record.identifiers], at)

    return values


def _by_ref(records: Iterable[Record]) -> dict[str, list[Record]]:
    """The statements of each ref, in the order of the refs."""
    found: dict[str, list[Record]] = {}
    for record in _checks.items("resolve.records", records):
        if not isinstance(record, Record):
            raise InvalidValue("resolve.records", record, "a Record")
        found.setdefault(record.ref, []).append(record)
    return {ref: found[ref] for ref in sorted(found)}


def _newest(statements: Mapping[str, list[Record]], as_of: datetime | None) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for ref, given in statements.items():
        versions = given if len(given) == 1 else once("resolve.records", given, Record)
        known = versions if as_of is None else until(as_of, versions)
        if known:
            found[ref] = max(known, key=_at)
    return found


def _at(record: Record) -> timedelta:
    return moment(record.at)


def _edges(
    pairs: Iterable[object], policy: MatchPolicy | None, known: Container[str], wanted: Container[str]
) -> list[Pair]:
    """Each pair of known records once: the surest of those with the same refs."""
    best: dict[tuple[str, str], Pair] = {}
    for given in _checks.items("resolve.pairs", pairs):
        pair = _edge(given, policy)
        if pair.a not in known or pair.b not in known:
            raise InvalidValue("resolve.pairs", (pair.a, pair.b), "refs of the records")
        if pair.a in wanted and pair.b in wanted:
            other = best.setdefault((pair.a, pair.b), pair)
            if other is not pair and _sureness(other) < _sureness(pair):
                best[pair.a, pair.b] = pair
    return list(best.values())


def _sureness(pair: Pair) -> tuple[int, bool, int | Decimal, str]:
    return (-DECISIONS.index(pair.decision), pair.weight is None, pair.weight or 0, repr(pair))


def _edge(given: Any, policy: MatchPolicy | None) -> Pair:
    if isinstance(given, Pair) and not isinstance(given.weight, Fraction):
        return given
    a, b, weight = _triple(given)
    _WEIGHT.require("resolve.pairs.weight", weight)
    decision = getattr(given, "decision", None) or _decision(weight, policy)
    return Pair(a, b, decision, weight=weight, reason=getattr(given, "reason", None) or "given")


def _triple(given: Any) -> tuple[Any, Any, Any]:
    if hasattr(given, "a") and hasattr(given, "b") and hasattr(given, "weight"):
        return given.a, given.b, given.weight
    if not isinstance(given, tuple) or len(given) != 3:  # noqa: PLR2004 - two refs and a weight
        raise InvalidValue("resolve.pairs", given, "a Pair, or two refs and a weight")
    return given


def _decision(weight: int | Decimal, policy: MatchPolicy | None) -> str:
    if policy is None or weight >= policy.link_at:
        return "link"
    return "review" if weight >= policy.review_at else "apart"


def _anomalies(
    entries: Iterable[Assertion], seen: Iterable[Assertion], refs: Container[str]
) -> tuple[tuple[str, str], ...]:
    """What was said of records or assertions that nobody knows."""
    known = {entry.id for entry in entries if not isinstance(entry, Retracted)}
    found = []
    for entry in seen:
        if isinstance(entry, Retracted):
            if entry.assertion not in known:
                found.append((entry.id, "unknown-assertion"))
        elif entry.a not in refs or entry.b not in refs:
            found.append((entry.id, "unknown-record"))
    return tuple(sorted(found))
