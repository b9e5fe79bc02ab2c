"""Whether an entry of a friend counts: what refuses it, what ends the referral, what both sides earn with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex._instants import is_before
from relex.errors import Conflict, InvalidValue, Rejected
from relex.loyalty._occasions import Occasion, facts_of, in_utc, read_occasion
from relex.loyalty._referral_events import ReferralEntry, ReferralFlagged, ReferralQualified, ReferralRejected
from relex.loyalty._referral_terms import ENTRY_KINDS, ReferralTerms
from relex.money import minor_digits
from relex.purchases import Purchase
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from fractions import Fraction

    from relex.changes import Event
    from relex.loyalty._referrals import Referral

__all__ = [
    "TERMS",
    "Asked",
    "entry_facts",
    "facts_given",
    "failed_parts",
    "own_facts",
    "pairs_of",
    "qualifying",
    "require_order",
    "require_terms",
    "shared_keys",
]

_DIGITS = 4  # no currency has more minor digits, and an occasion does not say which currency it is in

TERMS = _checks.a(ReferralTerms)
_MAPPING_OR_NONE = _checks.optional(_checks.a(Mapping))
_ASKED = (
    *[f"event.{name}" for name in ("kind", "id", "at", "date", "weekday", "minute")],
    *[f"purchase.{name}" for name in ("total", "quantity", "channel", "store", "currency", "customer")],
    "lines",
)


class Asked(NamedTuple):
    """What `Referral.qualify` was told beside the entry."""

    keys: tuple[tuple[str, str], ...]
    referrer_keys: tuple[tuple[str, str], ...]
    facts: Mapping[str, Any] | None
    approved_by: str | None


class _Judged(NamedTuple):
    """What the guards say: the band, the score, and what gave something."""

    band: str
    score: Fraction | None
    because: tuple[str, ...]


def require_terms(command: str, referral: Referral, terms: ReferralTerms) -> None:
    """Refuse other terms than the referral's."""
    TERMS.require(f"{command}.terms", terms)
    if terms.id != referral.terms:
        raise Rejected(command, "other_terms", {"asked": terms.id, "allowed": referral.terms})


def facts_given(command: str, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the caller tells beside the entry."""
    _MAPPING_OR_NONE.require(f"{command}.facts", facts)
    return dict(facts or {})


def require_order(command: str, referral: Referral, at: datetime) -> datetime:
    """The instant in UTC; refused before the last event."""
    found = in_utc(f"{command}.at", at)
    if found < referral.changed_at:
        raise Rejected(command, "out_of_order", {"at": found, "last": referral.changed_at})
    return found


def shared_keys(command: str, one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> None:
    """Refuse two people who share a key.

    Raises:
        Rejected: `self_referral` with the kinds of the keys that are shared.
    """
    shared = sorted({kind for kind, _ in set(one) & set(other)})
    if shared:
        raise Rejected(command, "self_referral", {"keys": tuple(shared), "allowed": ()})


def qualifying(referral: Referral, entry: Any, terms: ReferralTerms, at: datetime, asked: Asked) -> tuple[Event, ...]:
    """The events of `Referral.qualify`; none for an entry that was decided on already."""
    at = in_utc("qualify.at", at)
    require_terms("qualify", referral, terms)
    expected = ENTRY_KINDS[terms.on]
    if not hasattr(entry, "kind"):
        raise InvalidValue("qualify.entry", entry, f"a {expected}, as the terms look at {terms.on}")
    if entry.kind != expected:
        raise InvalidValue("qualify.entry.kind", entry.kind, f"{expected}, as the terms look at {terms.on}")
    effective = in_utc("qualify.entry.at", entry.at)
    reading = read_occasion(entry, effective, minor_digits(entry.currency) if isinstance(entry, Purchase) else _DIGITS)
    content = reading.content()
    if _is_known(referral, entry.id, effective, content, asked):
        return ()
    require_order("qualify", referral, at)
    _require_open(referral, entry, effective, at, terms)
    shared_keys("qualify", asked.keys, asked.referrer_keys)
    count = len(referral.qualified) + 1
    facts = (
        entry_facts(reading, terms) | facts_given("qualify", asked.facts) | own_facts(referral, effective, terms, count)
    )
    return (_decided(referral, reading, terms, at, asked, content, facts),)


def _is_known(referral: Referral, id_: str, effective: datetime, content: str, asked: Asked) -> bool:
    """Whether this entry was decided on, and nothing new was said about it."""
    for event in referral.history:
        if not isinstance(event, (ReferralEntry, ReferralRejected)) or event.entry != id_:
            continue
        if event.content != content or getattr(event, "effective", effective) != effective:
            raise Conflict(id_, "the content that was recorded", event)
        if not isinstance(event, ReferralFlagged) or asked.approved_by is None:
            return True
    return False


def _require_open(referral: Referral, entry: Any, effective: datetime, at: datetime, terms: ReferralTerms) -> None:
    if referral.joined_at is None:
        raise Rejected("qualify", "not_joined", {"state": referral.state})
    if referral.state == "rejected":
        raise Rejected("qualify", "rejected", {"state": referral.state, "because": referral.rejected_because})
    if effective > at:
        raise Rejected("qualify", "future", {"effective": effective, "at": at})
    customer = entry.facts().get("customer")
    if customer not in {None, referral.referee}:
        raise Rejected("qualify", "other_customer", {"asked": customer, "allowed": referral.referee})
    if terms.on != "register" and is_before(effective, referral.joined_at):
        raise Rejected("qualify", "before_joining", {"effective": effective, "joined_at": referral.joined_at})
    if referral.until is not None and effective >= referral.until:
        raise Rejected("qualify", "too_late", {"effective": effective, "until": referral.until})
    first = [event.entry for event in (*referral.qualified, *referral.flagged)]
    if terms.on != "every_purchase" and first and first[0] != entry.id:
        raise Rejected("qualify", "already_decided", {"asked": entry.id, "entry": first[0]})


def _decided(
    referral: Referral,
    reading: Any,
    terms: ReferralTerms,
    at: datetime,
    asked: Asked,
    content: str,
    facts: dict[str, Any],
) -> Event:
    failed = failed_parts("qualify", terms, facts, reading.at)
    if failed:
        return _ending(referral, terms, at, "condition", reading.id, content, failed)
    judged = _judged(terms, facts, reading.at)
    if judged.band == "refuse":
        return _ending(referral, terms, at, "suspicious", reading.id, content, judged.because)
    common: dict[str, Any] = {
        "source": referral.id,
        "version": referral.version + 1,
        "at": at,
        "entry": reading.id,
        "kind": reading.kind,
        "effective": reading.at,
        "content": content,
        "score": judged.score,
        "because": judged.because,
    }
    if judged.band == "review" and asked.approved_by is None:
        return ReferralFlagged(**common)
    count = facts["referral.count"]
    return ReferralQualified(
        **common,
        occasions=_occasions(referral, reading, count, facts),
        count=count,
        terms_version=terms.version,
        approved_by=asked.approved_by,
    )


def failed_parts(command: str, terms: ReferralTerms, facts: Mapping[str, Any], as_of: datetime) -> tuple[str, ...]:
    """The parts of the rule that are not met.

    Raises:
        Rejected: `unknown` with the facts that are missing; nothing is decided without them.
    """
    if terms.when is None:
        return ()
    verdict = evaluate(terms.when, facts, as_of)
    if verdict.answer is None:
        raise Rejected(command, "unknown", {"missing": tuple(verdict.missing), "rule": str(terms.when)})
    return tuple(sorted(str(each.rule) for each in verdict.failed()))


def _judged(terms: ReferralTerms, facts: Mapping[str, Any], as_of: datetime) -> _Judged:
    if terms.guards is None:
        return _Judged("clear", None, ())
    score = terms.guards.score(facts, as_of=as_of)
    because = tuple(sorted({each.name for each in score.contributions if each.points and each.kind != "start"}))
    if score.total is None:
        return _Judged("review", None, because)
    return _Judged(score.band or "clear", score.total, because)


def _ending(
    referral: Referral,
    terms: ReferralTerms,
    at: datetime,
    reason: str,
    entry: str,
    content: str,
    because: tuple[str, ...],
) -> Event:
    """The end of the referral; where every purchase may count, one that does not ends nothing and is refused."""
    if terms.on == "every_purchase":
        raise Rejected("qualify", reason, {"entry": entry, "because": because, "allowed": ()})
    return ReferralRejected(
        source=referral.id,
        version=referral.version + 1,
        at=at,
        reason=reason,
        entry=entry,
        content=content,
        because=because,
    )


def _occasions(referral: Referral, reading: Any, count: int, facts: Mapping[str, Any]) -> tuple[Occasion, Occasion]:
    told = {name: facts[name] for name in ("referral.code", "referral.terms", "referral.days")}
    if (total := facts.get("purchase.total")) is not None:
        told["referral.total"] = total
    return _side("referrer", referral, reading, count, told), _side("referee", referral, reading, count, told)


def _side(side: str, referral: Referral, reading: Any, count: int, told: Mapping[str, Any]) -> Occasion:
    facts = {**told, "referral.side": side, "referral.count": count, "referral.id": referral.id}
    return Occasion("referral", f"{referral.id}:{reading.id}:{side}", reading.at, facts)


def entry_facts(reading: Any, terms: ReferralTerms) -> dict[str, Any]:
    """What the rule and the guards may ask about an entry."""
    found = facts_of(_ASKED, reading, {}, terms.tz)
    if not isinstance(reading.occasion, Purchase):
        found |= {f"event.{name}": value for name, value in reading.facts().items() if name != "lines"}
    return found


def own_facts(referral: Referral, effective: datetime, terms: ReferralTerms, count: int) -> dict[str, Any]:
    """What they may ask about the referral itself."""
    joined = referral.joined_at or effective
    days = (effective.astimezone(terms.tz).date() - joined.astimezone(terms.tz).date()).days
    return {
        "referral.id": referral.id,
        "referral.code": referral.code,
        "referral.terms": referral.terms,
        "referral.count": count,
        "referral.days": max(0, days),
    }


def pairs_of(path: str, keys: Any) -> tuple[tuple[str, str], ...]:
    """(kind, value) pairs of a mapping or of pairs."""
    found = tuple(keys.items()) if hasattr(keys, "items") else _checks.items(path, keys)
    for pair in found:
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(map(_checks.text.passes, pair))):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "pairs (kind, value), such as ('phone', '+43 1 234')")
    return found
