"""Tables of states: how moves are written, what is wrong with them, what a way asks, and how they are drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex import _flow
from relex.errors import InvalidValue
from relex.rules import FactSchema, Requirement, check, field

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
COMMENT = Requirement("comment", ~field("comment").is_missing(), "Say what was done")
OWNER = Requirement("owner", field("owner") == "ann", "Give it to Ann")
LISTED = (("a", ("b", "c")), ("b", ("a",)), ("c", ("d",)))


def told(problems: Any) -> list[str]:
    return [f"{problem.path}: {problem.expected}" for problem in problems]


class TestMoves:
    @pytest.mark.parametrize(
        "written",
        [
            {"b": ["a"], "a": {"c", "b"}, "c": ("d", "d")},
            [("b", ["a"]), ("c", ["d"]), ("a", iter(["c", "b"]))],
            iter(LISTED),
        ],
        ids=["mapping", "pairs", "iterator"],
    )
    def test_they_have_one_form(self, written: Any) -> None:
        assert _flow.moves("moves", written) == LISTED

    def test_a_word_stays_a_word(self) -> None:
        assert _flow.moves("moves", "any") == "any"

    @pytest.mark.parametrize(
        "written",
        [5, None, [("a",)], [("a", "b")], [("", ["b"])], [("a", ["b", ""])], [["a", ["b"]]], {"a": 5}],
        ids=["number", "None", "single", "text", "blank start", "blank goal", "list", "no goals"],
    )
    def test_anything_else_is_refused(self, written: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Table\.moves"):
            _flow.moves("Table.moves", written)

    @pytest.mark.parametrize(
        ("moves", "expected"),
        [("any", True), ("up", False), (LISTED, True), ((("a", ()), ("a", ())), False), (None, False)],
        ids=["word", "other word", "list", "start twice", "None"],
    )
    def test_which_forms_a_table_takes(self, moves: Any, expected: bool) -> None:
        assert _flow.is_moves(("any", "forward"))(moves) is expected

    def test_where_they_lead(self) -> None:
        assert [_flow.goals_of(LISTED, each) for each in ("a", "d")] == [{"b", "c"}, set()]


class TestMistakes:
    def test_what_is_there_more_than_once(self) -> None:
        assert _flow.repeated(["b", "a", "b", "c", "a", "b"]) == ["b", "a"]

    def test_ids_that_are_not_in_the_table(self) -> None:
        assert told(_flow.unknown_ends(LISTED, ["a", "b"])) == [
            "moves: one of a, b, not c",
            "moves: one of a, b, not d",
        ]

    def test_from_where_no_way_leads_to_an_end(self) -> None:
        listed = (*LISTED, ("e", ("f",)), ("f", ("e",)))

        assert told(_flow.stuck(listed, ["a", "b", "e", "f"], ["d"], "an end")) == [
            "moves: a way from e to an end",
            "moves: a way from f to an end",
        ]

    def test_what_is_reached_ends_in_circles_too(self) -> None:
        ways = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "a")]

        assert _flow.reached(["b"], ways) == {"a", "b", "c"}

    def test_many_ways_are_walked_once(self) -> None:
        ways = [(str(place), str(place + 1)) for place in range(100_000)]

        assert len(_flow.reached(["0"], ways)) == 100_001

    def test_facts_with_the_name_of_one_that_is_always_there(self) -> None:
        own = FactSchema({"b": str, "a": str, "c": str})

        assert told(_flow.foreign_facts(frozenset("ab"), own, "deal")) == [
            "facts: names other than a, which every deal has",
            "facts: names other than b, which every deal has",
        ]
        assert told(_flow.foreign_facts(frozenset("ab"), None, "deal")) == []

    def test_rules_are_checked_where_the_facts_are_known(self) -> None:
        always, own = FactSchema({"owner": str}), FactSchema({"owner": int, "pain": str})
        rules = [("first", field("owner") == "ann"), ("second", field("pian") == "x"), ("third", field("pain") == "x")]

        assert [problem.path for problem in _flow.unfit_rules(own, always, rules)] == ["second.fact"]
        assert list(_flow.unfit_rules(None, always, rules)) == []

    def test_all_are_told_in_one_error(self) -> None:
        problems = (InvalidValue("a", 1, "more"), InvalidValue("b", 2, "less"))

        with pytest.raises(
            InvalidValue, match=r"Table: expected a table without mistakes \(a: more; b: less\)"
        ) as error:
            _flow.require_none("Table", problems, "a table")
        assert error.value.value == problems

    def test_none_are_no_error(self) -> None:
        _flow.require_none("Table", (), "a table")

        assert told(()) == []


class TestWays:
    def test_what_is_asked_twice_is_asked_once(self) -> None:
        assert _flow.through([COMMENT, OWNER, COMMENT], allowed=True).requirements == (COMMENT, OWNER)

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"owner": "ann", "comment": "x"}, True),
            ({"owner": "bob", "comment": "x"}, False),
            ({"owner": "ann"}, False),
        ],
        ids=["met", "false", "unknown"],
    )
    def test_everything_must_be_true(self, facts: dict[str, Any], expected: bool) -> None:
        assert _flow.through([OWNER, COMMENT], allowed=True).is_open(facts, AT) is expected

    def test_a_refusal_tells_everything_that_is_not_met(self) -> None:
        error = _flow.refused(
            "close", "unmet", [COMMENT, OWNER], {"owner": "bob"}, AT, {"from": "a", "allowed": ("b",)}
        )

        assert (error.command, error.reason, error.allowed) == ("close", "unmet", ("b",))
        assert error.details["requirements"] == ("comment", "owner")
        assert [str(unmet) for unmet in error.unmet] == ["Say what was done (missing: comment)", "Give it to Ann"]

    def test_what_is_lacking_is_named_once(self) -> None:
        twice = Requirement("words", field("comment") != "", "Say something")

        assert _flow.lacking(check([COMMENT, twice, OWNER], {})) == ("comment", "owner")

    def test_an_answer_in_words_and_as_a_table(self) -> None:
        unmet = check([COMMENT], {})

        assert _flow.told("<c1>", unmet) == "<c1>\n  Say what was done (missing: comment)"
        assert "&lt;c1&gt;" in _flow.shown("<c1>", unmet)

    def test_given_facts_are_added(self) -> None:
        assert _flow.given_facts({"a": 1}, {"b": 2}, {"a"}, "close.facts") == {"a": 1, "b": 2}

    @pytest.mark.parametrize("given", [{"a": 2}, [("b", 2)]], ids=["taken", "no mapping"])
    def test_but_not_under_a_name_that_is_taken(self, given: Any) -> None:
        with pytest.raises(InvalidValue, match=r"close\.facts"):
            _flow.given_facts({"a": 1}, given, {"a"}, "close.facts")


class TestDrawing:
    def test_states_ways_and_ends(self) -> None:
        assert _flow.drawn([("a", "A"), ("b", "B")], "b", [("b", "a"), ("a", "b")], ["a"]) == (
            "stateDiagram-v2\n"
            '    state "A" as s0\n'
            '    state "B" as s1\n'
            "    [*] --> s1\n"
            "    s1 --> s0\n"
            "    s0 --> s1\n"
            "    s0 --> [*]\n"
        )

    def test_what_would_end_the_text_is_written_out(self) -> None:
        assert 'state "say #quot;#35;1#quot; #lt;b> now" as s0' in _flow.drawn(
            [("a", 'say "#1" <b>\n now')], "a", [], []
        )
