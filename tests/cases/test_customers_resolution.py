"""Worked cases of the section on resolution: links against assertions and identifiers, and profiles event by event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from relex.matching import (
    IdentifierRule,
    IdentityGraph,
    IdentityRules,
    NotSameAs,
    Pair,
    SameAs,
    identify,
    resolve,
)
from relex.parties import Identifier, Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def records(keys: str, **tax: str) -> list[Record]:
    return [Record("s", key, DAY, identifiers=[Identifier("tax", tax[key])] if key in tax else ()) for key in keys]


def link(refs: str, weight: int) -> Pair:
    return Pair(f"s/{refs[0]}", f"s/{refs[1]}", weight=weight)


def same(refs: str, day: int) -> SameAs:
    return SameAs(f"same-{refs}", f"s/{refs[0]}", f"s/{refs[1]}", by="eve", at=DAY + timedelta(days=day))


def apart(refs: str, day: int) -> NotSameAs:
    return NotSameAs(f"apart-{refs}", f"s/{refs[0]}", f"s/{refs[1]}", by="eve", at=DAY + timedelta(days=day))


def shown(groups: tuple[tuple[str, ...], ...]) -> list[str]:
    return ["".join(ref.removeprefix("s/") for ref in group) for group in groups]


def told(*events: str) -> tuple[IdentityGraph, list[str]]:
    """The graph after events such as `anon a1, email x`, and what each did."""
    graph, outcomes = IdentityGraph(), list[str]()
    for hour, event in enumerate(events):
        found = [Identifier(*each.split()) for each in event.split(", ")]
        done = identify(graph, found, DAY + timedelta(hours=hour))
        graph = done.graph
        outcomes.append(str(done))
    return graph, outcomes


def test_a_user_id_that_differs_gives_up_the_shared_email() -> None:
    """Segment, identity resolution onboarding: the limit of 1 user_id demotes the e-mail."""
    graph, outcomes = told("user_id abc123, email jane@example1.com", "user_id abc456, email jane@example1.com")

    assert outcomes[1] == "created p2, with user_id abc456, without email jane@example1.com"
    assert str(graph) == "p1: email jane@example1.com, user_id abc123\np2: user_id abc456"


def test_eight_events() -> None:
    """Anonymous ids, an e-mail and user ids: create, add, merge, block, demote."""
    graph, outcomes = told(
        "anon a1",
        "anon a1, email x",
        "anon a2",
        "anon a2, user_id u1",
        "anon a2, email x",
        "anon 0000-0000",
        "user_id u2, anon a1",
        "user_id null, email y",
    )

    assert outcomes == [
        "created p1, with anon a1",
        "added p1, with email x",
        "created p2, with anon a2",
        "added p2, with user_id u1",
        "merged p1, from p2",
        "none, blocked anon 0000-0000",
        "created p3, with user_id u2, without anon a1",
        "created p4, with email y, blocked user_id null",
    ]
    assert str(graph) == "p1: anon a1, anon a2, email x, user_id u1\np3: user_id u2\np4: email y"


def test_a_chain_of_links_is_one_group() -> None:
    found = resolve(records("ABCD"), pairs=[link("AB", 9), link("BC", 7), link("CD", 8)])

    assert shown(found.groups) == ["ABCD"]


def test_a_cannot_link_refuses_the_weakest_link_between() -> None:
    found = resolve(records("ABCD"), pairs=[link("AB", 9), link("BC", 7), link("CD", 8)], assertions=[apart("AD", 1)])

    assert shown(found.groups) == ["AB", "CD"]
    assert [(each.pair, each.reason, each.assertion) for each in found.refused] == [
        (link("BC", 7), "not-same", apart("AD", 1))
    ]


def test_the_older_of_two_must_links_yields_to_a_cannot_link() -> None:
    found = resolve(records("ABC"), pairs=(), assertions=[same("AB", 1), same("BC", 2), apart("AC", 3)])

    assert shown(found.groups) == ["A", "BC"]
    assert [each.pair.reason for each in found.refused] == ["same-as:same-AB"]


def test_two_values_of_a_unique_identifier_stay_apart() -> None:
    rules = IdentityRules([IdentifierRule("tax", unique=True)])
    found = resolve(records("ABC", A="1", C="2"), pairs=[link("AB", 5), link("BC", 5)], identity=rules)

    assert shown(found.groups) == ["AB", "C"]
    assert [(each.pair, each.reason, each.values) for each in found.refused] == [(link("BC", 5), "unique", ("1", "2"))]
