"""Profiles that hold identifiers: one event at a time."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from relex.errors import Conflict, InvalidValue
from relex.matching import IdentifierRule, IdentityGraph, IdentityProfile, IdentityRules, identify
from relex.parties import Identifier, Record

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def ids(text: str) -> list[Identifier]:
    return [Identifier(*each.split()) for each in text.split(", ") if each]


def after(*events: str, rules: IdentityRules | None = None) -> IdentityGraph:
    graph = IdentityGraph(rules or IdentityRules())
    for hour, event in enumerate(events):
        graph = identify(graph, ids(event), DAY + timedelta(hours=hour)).graph
    return graph


def said(key: str, event: str, hour: int = 0) -> Record:
    return Record("web", key, DAY + timedelta(hours=hour), identifiers=ids(event))


class TestIdentify:
    def test_the_graph_before_is_not_touched(self) -> None:
        before = after("a 1")
        identify(before, ids("a 1, a 2"), DAY)

        assert str(before) == "p1: a 1"

    def test_several_profiles_become_the_oldest(self) -> None:
        done = identify(after("a 1", "b 1", "c 1"), ids("c 1, b 1, a 1"), DAY + timedelta(days=1))

        assert (done.outcome, done.merged, str(done.profile)) == ("merged", ("p2", "p3"), "p1: a 1, b 1, c 1")

    def test_a_merged_profile_is_found_under_its_old_id(self) -> None:
        graph = after("a 1", "b 1", "c 1", "b 1, c 1", "a 1, b 1")

        assert graph.profile("p3") == graph.profile("p2") == graph.profile("p1")

    def test_an_unknown_id_is_nobody(self) -> None:
        assert after("a 1").profile("p9") is None

    def test_an_unknown_identifier_is_held_by_nobody(self) -> None:
        assert after("a 1").holder(Identifier("a", "2")) is None

    def test_what_was_held_is_not_attached_again(self) -> None:
        done = identify(after("a 1, a 2"), ids("a 2, a 3"), DAY)

        assert (done.outcome, done.attached) == ("added", tuple(ids("a 3")))

    def test_no_identifiers_do_nothing(self) -> None:
        done = identify(after("a 1"), [], DAY)

        assert (done.outcome, done.profile, str(done)) == ("none", None, "none")

    def test_blocked_values_are_told_sorted(self) -> None:
        done = identify(IdentityGraph(), ids("user_id null, a -1, a 0-0, b x"), DAY)

        assert (done.outcome, done.blocked) == ("created", tuple(ids("a -1, a 0-0, user_id null")))

    def test_of_two_user_ids_in_one_event_the_larger_is_given_up(self) -> None:
        done = identify(IdentityGraph(), ids("user_id u2, user_id u1"), DAY)

        assert (str(done.profile), done.demoted) == ("p1: user_id u1", tuple(ids("user_id u2")))

    def test_identifiers_are_given_up_one_after_another(self) -> None:
        graph = after("user_id u1, email x, device d", "user_id u2")
        done = identify(graph, ids("device d, email x, user_id u2"), DAY + timedelta(days=1))

        assert str(done) == "added p2, without device d, email x"

    def test_a_sixth_email_does_not_fit(self) -> None:
        graph = after("user_id u, email 1, email 2, email 3", "user_id u, email 4, email 5")
        done = identify(graph, ids("user_id u, email 6"), DAY + timedelta(days=1))

        assert (done.outcome, done.demoted) == ("added", tuple(ids("email 6")))

    def test_an_old_email_makes_room(self) -> None:
        rules = IdentityRules([IdentifierRule("email", limit=1, within=timedelta(days=1))])
        graph = after("user_id u, email 1", rules=rules)
        early, late = (identify(graph, ids("user_id u, email 2"), DAY + timedelta(hours=hours)) for hours in (23, 24))

        assert (early.demoted, late.demoted) == (tuple(ids("email 2")), ())

    def test_being_seen_again_renews_the_window(self) -> None:
        rules = IdentityRules([IdentifierRule("email", limit=1, within=timedelta(days=1))])
        graph = identify(after("user_id u, email 1", rules=rules), ids("email 1"), DAY + timedelta(hours=23)).graph

        assert identify(graph, ids("user_id u, email 2"), DAY + timedelta(hours=24)).demoted == tuple(ids("email 2"))

    def test_a_late_event_does_not_make_an_identifier_older(self) -> None:
        done = identify(after("a 1"), ids("a 1"), DAY - timedelta(days=1))

        assert done.profile is not None
        assert done.profile.seen == ((Identifier("a", "1"), DAY),)

    def test_two_numbers_of_a_unique_kind_are_two_parties(self) -> None:
        graph = after("tax 1, email x", rules=IdentityRules([IdentifierRule("tax", unique=True, priority=1)]))

        assert str(identify(graph, ids("tax 2, email x"), DAY)) == "created p2, with tax 2, without email x"

    def test_a_profile_from_before_a_stricter_rule_still_grows_elsewhere(self) -> None:
        profile = IdentityProfile("p1", DAY, seen=[(each, DAY) for each in ids("user_id u1, user_id u2")])
        done = identify(IdentityGraph.of([profile]), ids("user_id u1, email x"), DAY)

        assert (done.outcome, done.demoted) == ("added", ())

    def test_a_profile_leaves_with_the_last_of_its_identifiers(self) -> None:
        """Of p2 first the one and then the other device is given up; the event then fits p1."""
        graph = after("user_id u1", "user_id u2, device a, device b")
        done = identify(graph, ids("user_id u1, device a, device b"), DAY)

        assert str(done) == "added p1, without device b, device a"

    def test_an_event_of_very_many_identifiers_does_not_take_long(self) -> None:
        done = identify(IdentityGraph(), [Identifier("device", f"d{number:05}") for number in range(5000)], DAY)

        assert (len(done.attached), len(done.demoted)) == (5, 4995)

    def test_the_new_profile_may_have_an_id_of_the_callers(self) -> None:
        done = identify(IdentityGraph(), ids("a 1"), DAY, id="me")

        assert str(done) == "created me, with a 1"

    def test_an_id_that_is_taken_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"identify\.id"):
            identify(after("a 1"), ids("b 1"), DAY, id="p1")

    @pytest.mark.parametrize(
        ("graph", "identifiers", "at", "path"),
        [
            (None, (), DAY, "graph"),
            (IdentityGraph(), ["a"], DAY, "identifiers"),
            (IdentityGraph(), "a 1", DAY, "identifiers"),
            (IdentityGraph(), (), datetime(2026, 5, 1), "at"),  # noqa: DTZ001 - what is refused
        ],
        ids=["graph", "texts", "text", "naive"],
    )
    def test_wrong_arguments_are_refused(self, graph: object, identifiers: object, at: object, path: str) -> None:
        with pytest.raises(InvalidValue, match=rf"identify\.{path}"):
            identify(graph, identifiers, at)  # type: ignore[arg-type]


class TestGraph:
    def test_stored_profiles_make_the_same_graph(self) -> None:
        graph = after("a 1", "b 1", "a 1, c 1")
        again = IdentityGraph.of(graph.profiles)

        assert str(identify(again, ids("c 1, b 1"), DAY).profile) == "p1: a 1, b 1, c 1"

    def test_only_the_profiles_of_an_event_are_needed(self) -> None:
        graph = after("a 1", "b 1", "c 1")
        some = IdentityGraph.of(p for each in ids("a 1, c 1") if (p := graph.holder(each)) is not None)

        assert identify(some, ids("a 1, c 1"), DAY).profile == identify(graph, ids("a 1, c 1"), DAY).profile

    @pytest.mark.parametrize(
        "profiles",
        [
            ["p1"],
            [IdentityProfile("p1", DAY), IdentityProfile("p1", DAY)],
            [IdentityProfile(id_, DAY, seen=[(Identifier("a", "1"), DAY)]) for id_ in ("p1", "p2")],
        ],
        ids=["text", "one-id", "one-identifier"],
    )
    def test_wrong_profiles_are_refused(self, profiles: list[IdentityProfile]) -> None:
        with pytest.raises(InvalidValue, match=r"IdentityGraph\.profiles"):
            IdentityGraph.of(profiles)

    def test_replay_sorts_by_instant_and_id(self) -> None:
        entries = [said("x", "a 1", 2), said("y", "a 1, b 1", 1), said("z", "b 1, user_id u", 1), said("y", "c 1", 0)]
        graph = IdentityGraph.replay(entries)

        assert graph == IdentityGraph.replay(reversed(entries))
        assert str(graph) == "p1: c 1\np2: a 1, b 1, user_id u"

    def test_replay_takes_an_entry_once(self) -> None:
        entry = said("x", "a 1")

        assert len(IdentityGraph.replay([entry, entry]).profiles) == 1

    def test_replay_refuses_one_id_with_two_contents(self) -> None:
        with pytest.raises(Conflict):
            IdentityGraph.replay([said("x", "a 1"), said("x", "a 2")])

    def test_replay_refuses_what_has_no_identifiers(self) -> None:
        with pytest.raises(InvalidValue, match=r"IdentityGraph\.replay"):
            IdentityGraph.replay(["a 1"])  # type: ignore[list-item]

    def test_rules_of_another_class_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"IdentityGraph\.rules"):
            IdentityGraph(())  # type: ignore[arg-type]

    def test_it_is_the_same_elsewhere(self) -> None:
        graph = after(*(f"a {number}" for number in range(100)))

        assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 - of our own making

    def test_many_profiles_are_all_found(self) -> None:
        graph = after(*(f"a x{number}" for number in range(3000)))

        assert [graph.holder(Identifier("a", f"x{number}")) for number in range(3000)] == list(graph.profiles)

    def test_it_is_short_in_a_shell(self) -> None:
        assert repr(after("a 1")) == "<IdentityGraph: 1 profiles>"


class TestProfile:
    @pytest.mark.parametrize(
        "wrong",
        [{"id": ""}, {"since": None}, {"seen": [("a", DAY)]}, {"seen": [(Identifier("a", "1"), None)]}],
        ids=["id", "since", "identifier", "instant"],
    )
    def test_wrong_fields_are_refused(self, wrong: dict[str, object]) -> None:
        fields = {"id": "p", "since": DAY} | wrong

        with pytest.raises(InvalidValue, match=r"IdentityProfile\."):
            IdentityProfile(**fields)  # type: ignore[arg-type]
