"""Laws of consent: what entries up to an instant say, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

from relex._instants import moment
from relex.customers import Consent, ConsentLedger, ConsentPolicy, Link, Purpose
from relex.customers._consent_index import Question

BASE = datetime(2026, 1, 1, tzinfo=UTC)
POLICIES = [
    ConsentPolicy([Purpose("marketing", valid_for=valid_for, double_opt_in=double)])
    for valid_for in (None, 1)
    for double in (False, True)
]
CHANNELS = ("email", "sms")
POINTS = ("email:anna@example.com", "email:kim@example.com")
PEOPLE = ("a", "b", "c")

instants = st.integers(0, 40).map(lambda days: BASE + timedelta(days=days))


@st.composite
def ledgers(draw: st.DrawFn, people: tuple[str, ...] = PEOPLE, size: int = 12) -> list[Consent]:
    """Entries of few people about one purpose, close together in time."""
    found: list[Consent] = []
    for number in range(draw(st.integers(0, size))):
        asked = [entry for entry in found if entry.confirms is None and not entry.is_refusal]
        status = draw(st.sampled_from(("granted", "granted", "requested", "confirmed", "denied", "withdrawn")))
        if status == "confirmed":
            if not asked:
                continue
            of = draw(st.sampled_from(asked))
            found.append(
                attrs.evolve(of, id=f"e{number}", at=draw(instants), status=status, confirms=of.id, expires_at=None)
            )
            continue
        at = draw(instants)
        expires = draw(st.none() | st.integers(1, 20).map(lambda days: at + timedelta(days=days)))  # noqa: B023 - drawn at once
        found.append(
            Consent(
                f"e{number}",
                customer=draw(st.sampled_from(people)),
                at=at,
                status=status,
                purpose="marketing",
                channel=draw(st.sampled_from(("*", *CHANNELS))),
                point=draw(st.sampled_from((None, *POINTS))),
                expires_at=None if status in {"denied", "withdrawn"} else expires,
            )
        )
    return found


policies = st.sampled_from(POLICIES)
questions = st.fixed_dictionaries(
    {"channel": st.sampled_from(CHANNELS), "point": st.sampled_from(POINTS), "at": instants}
)


@st.composite
def _merges(draw: st.DrawFn) -> list[Link]:
    """a takes b, perhaps c takes a or a takes c; perhaps each comes to an end."""
    found = []
    pairs = draw(st.sampled_from(([("a", "b")], [("a", "b"), ("c", "a")], [("a", "b"), ("a", "c")])))
    for survivor, other in pairs:
        since = draw(instants)
        ends = draw(st.none() | st.integers(0, 15))
        found.append(Link(survivor, other, since, None if ends is None else since + timedelta(days=ends)))
    return found


merged = _merges()


def status(ledger: ConsentLedger, customer: str, policy: ConsentPolicy, question: dict[str, Any]) -> str:
    return ledger.state(customer, "marketing", policy=policy, **question).status


@settings(max_examples=100)
@given(ledgers(), policies, questions)
def test_three_rules(entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any]) -> None:
    """The answer is that of the three rules, laid out one by one."""
    assert by_hand("a", entries, policy, **question) == status(ConsentLedger(entries), "a", policy, question)


def by_hand(
    customer: str, entries: list[Consent], policy: ConsentPolicy, channel: str, point: str, at: datetime
) -> str:
    known = [entry for entry in entries if entry.at <= at]
    purpose = policy.purposes[0]
    grants: list[tuple[datetime, datetime | None, Consent]] = []
    waiting = []
    for entry in known:
        if entry.is_refusal or entry.confirms is not None or entry.customer != customer:
            continue
        if entry.channel not in ("*", channel) or entry.point not in (None, point):
            continue
        counted = counts(entry, known, double=purpose.double_opt_in)
        if counted is None:
            waiting.append(entry)
        else:
            end = entry.expires_at or (purpose.valid_for.add(counted) if purpose.valid_for else None)
            grants.append((counted, end, entry))
    live = [(since, entry) for since, end, entry in grants if end is None or at < end]
    for refusal in known:
        if not refusal.is_refusal or refusal.channel not in ("*", channel) or refusal.point not in (None, point):
            continue
        if refusal.customer != customer and refusal.point is None:
            continue
        theirs = [entry for entry in known if entry.customer == refusal.customer]
        if not lifted(refusal, theirs, policy, channel, point, at):
            return "refused"
    if live:
        return "granted"
    return "expired" if grants else "pending" if waiting else "unknown"


def counts(entry: Consent, known: list[Consent], *, double: bool) -> datetime | None:
    if entry.status == "granted" and not double:
        return entry.at
    found = [each.at for each in known if each.confirms == entry.id and each.at >= entry.at]
    return min(found) if found else None


def lifted(
    refusal: Consent, entries: list[Consent], policy: ConsentPolicy, channel: str, point: str, at: datetime
) -> bool:
    purpose = policy.purposes[0]
    for entry in entries:
        if entry.is_refusal or entry.confirms is not None:
            continue
        if entry.channel not in ("*", channel) or entry.point not in (None, point):
            continue
        since = counts(entry, entries, double=purpose.double_opt_in)
        if since is None or since <= refusal.at:
            continue
        end = entry.expires_at or (purpose.valid_for.add(since) if purpose.valid_for else None)
        if end is not None and at >= end:
            continue
        if refusal.channel in ("*", entry.channel) and refusal.point in (None, entry.point):
            return True
    return False


@settings(max_examples=100)
@given(ledgers(), policies, questions)
def test_the_quick_answer_is_the_explained_one(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any]
) -> None:
    """Folded scopes and entries that are judged one by one agree, and on the same entry."""
    ledger = ConsentLedger(entries)
    now = moment(question["at"])
    asked = Question("a", policy.purposes[0], None, question["channel"], question["point"], now, now)
    state = ledger.state("a", "marketing", policy=policy, **question)

    assert (state.status, None if state.entry is None else state.entry.id) == ledger.status(asked)


@settings(max_examples=60)
@given(ledgers(), policies, st.sampled_from(POINTS), st.data())
def test_what_is_kept_of_an_answer_serves_no_other_instant(
    entries: list[Consent], policy: ConsentPolicy, point: str, data: st.DataObject
) -> None:
    """A ledger that is asked at many instants answers as one that is asked for the first time."""
    ledger = ConsentLedger(entries, merges=data.draw(merged))
    for at in data.draw(st.lists(instants, min_size=1, max_size=12)):
        state = ledger.state("a", "marketing", channel="email", point=point, policy=policy, at=at)
        now = moment(at)
        asked = Question("a", policy.purposes[0], None, "email", point, now, now)

        assert (state.status, None if state.entry is None else state.entry.id) == ledger.status(asked)


@settings(max_examples=100)
@given(ledgers(), policies, questions, st.randoms(use_true_random=False))
def test_only_entries_up_to_the_instant_count_in_any_order(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], chance: Any
) -> None:
    """Later entries, repeated ones and their order change nothing."""
    mixed = [*entries, *entries[:3]]
    chance.shuffle(mixed)
    known = [entry for entry in entries if entry.at <= question["at"]]

    assert ConsentLedger(known).state("a", "marketing", policy=policy, **question) == ConsentLedger(mixed).state(
        "a", "marketing", policy=policy, **question
    )


@settings(max_examples=100)
@given(ledgers(), policies, questions, st.data())
def test_a_refusal_never_opens_anything(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], data: st.DataObject
) -> None:
    """One more refusal, of anybody at any time, with or without merges, never turns a no into a yes."""
    refusal = Consent(
        "last",
        customer=data.draw(st.sampled_from(PEOPLE)),
        at=data.draw(instants),
        status="objected",
        purpose="marketing",
        channel=data.draw(st.sampled_from(("*", *CHANNELS))),
        point=data.draw(st.sampled_from((None, *POINTS))),
    )
    merges = data.draw(merged)

    before = status(ConsentLedger(entries, merges=merges), "a", policy, question)
    after = status(ConsentLedger([*entries, refusal], merges=merges), "a", policy, question)

    assert after in {before, "refused"}


@settings(max_examples=100)
@given(ledgers(), policies, questions, instants)
def test_merged_is_allowed_only_if_no_part_refuses(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], at: datetime
) -> None:
    """Of what was said before a merge: granted or not refused together means not refused in any part."""
    before = [entry for entry in entries if entry.at <= at]
    question = {**question, "at": max(question["at"], at)}
    apart = ConsentLedger(before)
    together = status(ConsentLedger(before, merges=[Link("a", "b", at)]), "a", policy, question)
    parts = {status(apart, part, policy, question) for part in ("a", "b")}

    assert (together == "refused") == ("refused" in parts)
    assert (together == "granted") <= ("granted" in parts)


@settings(max_examples=100)
@given(ledgers(("a", "b"), 8), policies, questions, instants, st.integers(0, 20))
def test_an_unmerge_is_never_wider_for_grants_given_meanwhile(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], since: datetime, days: int
) -> None:
    """A yes that rests on a grant given while two were one was a yes of the two together."""
    until = since + timedelta(days=days)
    known = [entry for entry in entries if entry.at < until]
    question = {**question, "at": max(question["at"], until)}
    ledger = ConsentLedger(known, merges=[Link("a", "b", since, until)])
    together = status(ConsentLedger(known, merges=[Link("a", "b", since)]), "a", policy, question)
    for part in ("a", "b"):
        state = ledger.state(part, "marketing", policy=policy, **question)
        meanwhile = state.entry is not None and since < state.entry.at < until

        assert not (state.status == "granted" and meanwhile) or together == "granted"


@settings(max_examples=100)
@given(ledgers(("a", "b"), 8), policies, questions, instants, st.integers(0, 20))
def test_what_another_grants_after_an_unmerge_opens_nothing(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], since: datetime, days: int
) -> None:
    """Of refusals that name no point: a yes needs nothing that the other one said after the separation."""
    until = since + timedelta(days=days)
    told = [entry for entry in entries if not entry.is_refusal or entry.point is None]
    link = Link("a", "b", since, until)
    for part in ("a", "b"):
        less = [entry for entry in told if entry.customer == part or entry.at < until]
        after = status(ConsentLedger(told, merges=[link]), part, policy, question)

        assert after != "granted" or status(ConsentLedger(less, merges=[link]), part, policy, question) == "granted"


@settings(max_examples=100)
@given(ledgers(("a", "b"), 8), policies, questions, instants)
def test_an_unmerge_at_once_changes_nothing(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], at: datetime
) -> None:
    """Where nothing was said meanwhile, both parts are what they were without the merge."""
    link = Link("a", "b", at, at)

    for part in ("a", "b"):
        assert status(ConsentLedger(entries), part, policy, question) == status(
            ConsentLedger(entries, merges=[link]), part, policy, question
        )


@settings(max_examples=60)
@given(ledgers(("a", "b"), 8), policies, questions, instants, st.integers(1, 20))
def test_refusals_given_meanwhile_stay_with_both(
    entries: list[Consent], policy: ConsentPolicy, question: dict[str, Any], since: datetime, days: int
) -> None:
    """A refusal of everything, said while two were one, refuses both until the part itself grants anew."""
    until = since + timedelta(days=days)
    refusal = Consent("last", customer="a", at=until - timedelta(hours=1), status="objected", purpose="marketing")
    known = [entry for entry in entries if entry.at < refusal.at]
    ledger = ConsentLedger([*known, refusal], merges=[Link("a", "b", since, until)])
    question = {**question, "at": max(question["at"], until)}

    assert [status(ledger, part, policy, question) for part in ("a", "b")] == ["refused", "refused"]
