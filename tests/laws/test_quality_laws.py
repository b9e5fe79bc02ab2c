"""Laws of quality: nothing is changed or refused, what is allowed has no flag, time only makes values older."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings, strategies as st

from relex.codec import encode
from relex.customers import (
    QUALITY_CODES,
    Flag,
    QualityPolicy,
    assess,
    born_flags,
    email_flags,
    freshness,
    name_flags,
    phone_flags,
    place_flags,
    text_flags,
)
from relex.parties import ContactPoint, OrganizationName, PersonName, PostalAddress, Record
from relex.testing import strategies

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
POLICY = QualityPolicy()

odd = st.sampled_from(
    ["Mickey", "Mouse", "test", "asdf", "n/a", "-", "AAAA", "x", "\u200b", "\u202e", "1", "www.x.org"]
)
anything = st.text(max_size=30) | st.lists(odd, min_size=1, max_size=3).map(" ".join)
said = anything.filter(lambda text: text != "")
some_names = st.one_of(
    st.builds(PersonName, said),
    st.builds(PersonName, given=said, family=said, middle=st.none() | said),
    st.builds(OrganizationName, said),
)
points = st.one_of(
    st.builds(ContactPoint, st.sampled_from(["email", "phone", "social"]), said, region=st.sampled_from([None, "US"])),
    st.builds(ContactPoint, st.just("postal"), st.builds(PostalAddress, city=said, street=said, region=said)),
)
records = st.builds(
    lambda name, points, born, title, at: Record(
        "crm",
        "1",
        at,
        kind="organization" if isinstance(name, OrganizationName) else "person",
        name=name,
        points=points,
        born=born,
        values={"job_title": title},
    ),
    st.none() | some_names,
    st.lists(points, max_size=3),
    st.none() | st.dates() | said,
    st.none() | said,
    strategies.instants(),
)


@settings(max_examples=100)
@given(anything, st.sampled_from([None, "US", "JP", "FR"]))
def test_whatever_a_source_holds_gets_flags_and_no_error(text: str, region: str | None) -> None:
    found: tuple[Flag, ...] = (
        *name_flags(text),
        *email_flags(text),
        *phone_flags(text, region),
        *place_flags(text),
        *text_flags(text, field="street"),
        *born_flags(text, as_of=DAY),
    )

    assert all(flag.severity == QUALITY_CODES[flag.code] and len(flag.detail) < 4000 for flag in found)


@settings(max_examples=60, deadline=None)
@given(records, strategies.quality_policies())
def test_an_assessment_changes_nothing_and_is_the_same_again(record: Record, policy: QualityPolicy) -> None:
    before = repr(record), encode(policy)
    found = assess(record, policy, as_of=DAY)

    assert (repr(record), encode(policy)) == before
    assert assess(record, policy, as_of=DAY) == found
    assert set(found.codes) <= set(QUALITY_CODES)
    assert sum(part.points for part in found.score.contributions) == found.score.total


@settings(max_examples=100)
@given(some_names)
def test_a_name_on_the_allow_list_has_no_flag(name: PersonName | OrganizationName) -> None:
    written = [str(name)]
    if isinstance(name, PersonName):
        parts = [part for part in (name.given, name.middle, name.family) if part is not None]
        written += [" ".join(parts)] if name.full is None else []

    assert any(name_flags(name, QualityPolicy(allow=[text])) == () for text in written)


@settings(max_examples=100)
@given(said)
def test_a_value_on_the_allow_list_has_no_flag(text: str) -> None:
    policy = QualityPolicy(allow=[text])

    assert name_flags(text, policy) == email_flags(text, policy) == place_flags(text, policy) == ()
    assert phone_flags(text, None, policy) == text_flags(text, policy, field="street") == ()
    assert born_flags(text, policy, as_of=DAY) == ()


@settings(max_examples=100)
@given(some_names, said)
def test_allowing_more_never_flags_more(name: PersonName | OrganizationName, text: str) -> None:
    allowing = QualityPolicy(allow=[text])

    assert {flag.code for flag in name_flags(name, allowing)} <= {flag.code for flag in name_flags(name)}


@settings(max_examples=60)
@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(1, 5_000))
def test_older_is_never_fresher(one: int, more: int, life: int) -> None:
    assert freshness(one, life) >= freshness(one + more, life)
    assert freshness(life, life) == Decimal("0.5")


@settings(max_examples=60, deadline=None)
@given(records, st.integers(0, 3000))
def test_waiting_never_betters_the_score(record: Record, days: int) -> None:
    plain = QualityPolicy(ageless=["born"])
    now = assess(attrs_evolved(record), plain, as_of=DAY)
    later = assess(attrs_evolved(record), plain, as_of=DAY + timedelta(days=days))

    assert later.score.total <= now.score.total  # type: ignore[operator]


def attrs_evolved(record: Record) -> Record:
    """The record without a date of birth, which may lie in the future and stop doing so."""
    return Record("crm", "1", record.at, kind=record.kind, name=record.name, points=record.points, values=record.values)
