"""Outcome tables: what is counted, what is read, and what is refused."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from relex.codec import decode, encode
from relex.errors import InvalidValue, Rejected
from relex.pipeline import Outcome, OutcomeCounts, OutcomeTable, Variable

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
TABLE: Any = OutcomeTable
TWO_COUNTRIES = [("g", "country", "AT", 1, 0), ("g", "country", "DE", 1, 0)]


def outcome(number: int, result: str = "won", group: str | None = None, **values: Any) -> Outcome:
    return Outcome(f"d{number}:2", source=f"d{number}", at=DAY, result=result, group=group, values=values)


def rows(table: OutcomeTable, group: str | None = None) -> dict[tuple[str, str | None], tuple[int, int]]:
    return {
        (name, value): (won, lost)
        for each in table.counts
        if each.group == group
        for name, value, won, lost in each.rows
    }


class TestVariable:
    @pytest.mark.parametrize(
        ("given", "support"),
        [({}, 1), ({"many": True}, 50), ({"many": True, "minimum_support": 2}, 2), ({"minimum_support": 9}, 9)],
    )
    def test_only_many_values_need_support_by_default(self, given: dict[str, Any], support: int) -> None:
        assert support == Variable("tags", **given).support

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"name": ""}, "Variable.name"),
            ({"name": "stage"}, "Variable.name"),
            ({"name": "x", "minimum_support": 0}, "Variable.minimum_support"),
            ({"name": "x", "many": 1}, "Variable.many"),
            ({"name": "x", "never_for": "wrong"}, "Variable"),
            ({"name": "x", "never_against": [1.5]}, "Variable"),
        ],
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            Variable(**given)

    def test_values_that_are_never_named_are_kept_sorted_as_text(self) -> None:
        assert Variable("x", never_for=["b", True, 3, "b", ""]).never_for == ("3", "b", "true")


class TestCounts:
    def test_rows_are_sorted_with_missing_first(self) -> None:
        counts = OutcomeCounts("g", won=2, lost=1, rows=[("x", "b", 1, 0), ("x", None, 1, 1), ("a", "z", 0, 1)])

        assert counts.rows == (("a", "z", 0, 1), ("x", None, 1, 1), ("x", "b", 1, 0))

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"won": 0, "lost": 0}, "at least one closed record"),
            ({"won": -1, "lost": 2}, "of at least 0"),
            ({"won": 1, "lost": True}, "of at least 0"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 0, 0)]}, "not both 0"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 1)]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [["x", "a", 1, 0]]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [("", "a", 1, 0)]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [("x", "", 1, 0)]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 1.0, 0)]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 1, -1)]}, "a variable, a value"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 1, 0), ("x", "a", 0, 1)]}, "each variable and value once"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 2, 0)]}, "at most"),
            ({"won": 1, "lost": 1, "rows": [("x", "a", 0, 2)]}, "at most"),
        ],
    )
    def test_what_is_wrong_is_refused(self, given: dict[str, Any], expected: str) -> None:
        with pytest.raises(InvalidValue, match=expected):
            OutcomeCounts("g", **given)


class TestCounting:
    def test_a_missing_value_counts_only_where_it_is_asked_for(self) -> None:
        table = OutcomeTable(["country", Variable("phone", missing_counts=True)]).add(outcome(1))

        assert rows(table) == {("phone", None): (1, 0)}

    def test_each_distinct_value_of_many_counts_once(self) -> None:
        table = OutcomeTable([Variable("tags", many=True)])
        table = table.add(outcome(1, tags=("vip", "late", "vip"))).add(outcome(2, "lost", tags="vip"))

        assert rows(table) == {("tags", "late"): (1, 0), ("tags", "vip"): (1, 1)}

    def test_no_values_of_many_are_missing(self) -> None:
        table = OutcomeTable([Variable("tags", many=True, missing_counts=True)])

        assert rows(table.add(outcome(1, tags=()))) == {("tags", None): (1, 0)}

    def test_what_is_no_variable_is_not_counted(self) -> None:
        assert rows(OutcomeTable(["country"]).add(outcome(1, country="AT", size=3))) == {("country", "AT"): (1, 0)}

    @pytest.mark.parametrize(
        "learn",
        [OutcomeTable.from_outcomes, lambda given, names: OutcomeTable(names).add(given[0])],
        ids=["many", "one"],
    )
    def test_several_values_need_a_variable_of_many(self, learn: Any) -> None:
        with pytest.raises(InvalidValue, match=r"country: expected one value \(or Variable\(many=True\)\)"):
            learn([outcome(1, country=("AT", "DE"))], ["country"])

    def test_a_row_of_two_zeros_does_not_exist(self) -> None:
        one, other = outcome(1, country="AT"), outcome(2, country="DE")
        table = OutcomeTable(["country"]).add(one).add(other).remove(one)

        assert rows(table) == {("country", "DE"): (1, 0)}
        assert table.remove(other).counts == ()

    def test_adding_leaves_the_table_as_it_was(self) -> None:
        table = OutcomeTable(["country"])
        table.add(outcome(1, country="AT"))

        assert table == OutcomeTable(["country"])

    def test_what_was_never_counted_cannot_be_removed(self) -> None:
        table = OutcomeTable(["country"]).add(outcome(1, country="AT"))

        for other in (outcome(1, "lost", country="AT"), outcome(1, country="DE"), outcome(1, group="x")):
            with pytest.raises(Rejected, match="not_counted"):
                table.remove(other)

    def test_a_removal_that_comes_twice_leaves_no_rows_behind(self) -> None:
        table = OutcomeTable(["country"]).add(outcome(1, country="AT")).add(outcome(2)).remove(outcome(2))

        with pytest.raises(Rejected, match="not_counted"):
            table.remove(outcome(2))
        assert rows(table) == {("country", "AT"): (1, 0)}

    @pytest.mark.parametrize("countries", [("AT", "AT"), ("AT", "DE")], ids=["one value", "two values"])
    def test_no_values_are_left_that_more_records_have_than_there_are(self, countries: tuple[str, str]) -> None:
        table = OutcomeTable(["country"]).add(outcome(1, country=countries[0])).add(outcome(2, country=countries[1]))

        with pytest.raises(Rejected, match="not_counted"):
            table.remove(outcome(3))

    @pytest.mark.parametrize("stored", [False, True], ids=["added", "stored"])
    def test_the_same_holds_of_stages_and_of_many_values(self, stored: bool) -> None:
        through = Outcome("d1:2", source="d1", at=DAY, result="lost", stages=["new"])
        for table in (
            OutcomeTable([Variable("tags", many=True)]).add(outcome(1, "lost", tags="vip")).add(outcome(2, "lost")),
            OutcomeTable([Variable("tags", many=True)]).add(through).add(outcome(2, "lost")),
        ):
            known = OutcomeTable(table.variables, table.counts) if stored else table
            left = known.remove(outcome(2, "lost"))

            assert len(rows(left)) == 1
            with pytest.raises(Rejected, match="not_counted"):
                left.remove(outcome(2, "lost"))

    def test_a_variable_without_support_is_watched_too(self) -> None:
        table = OutcomeTable([Variable("country", minimum_support=9)]).add(outcome(1, country="AT"))

        with pytest.raises(Rejected, match="not_counted"):
            table.remove(outcome(2))

    def test_groups_are_counted_apart_and_can_be_merged(self) -> None:
        table = OutcomeTable.from_outcomes(
            [outcome(1, group="a", country="AT"), outcome(2, "lost", "b", country="AT"), outcome(3, country="DE")],
            ["country"],
        )
        merged = table.merge_group("a", "b")

        assert [each.group for each in table.counts] == [None, "a", "b"]
        assert rows(merged, "b") == {("country", "AT"): (1, 1)}
        assert [each.group for each in merged.merge_group("b", None).counts] == [None]
        assert table.merge_group("gone", "b") == table == table.merge_group("a", "a")

    def test_a_table_has_a_stored_form_and_can_be_copied(self) -> None:
        table = OutcomeTable(["country"]).add(outcome(1, group="a", country="AT"))

        sent = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
        for twin in (decode(encode(table), OutcomeTable), copy.deepcopy(table), sent):
            assert (table, hash(table)) == (twin, hash(twin))
            assert table.score({"country": "AT"}) == twin.score({"country": "AT"})

    def test_a_table_tells_its_size(self) -> None:
        assert repr(OutcomeTable(["country"]).add(outcome(1))) == "<OutcomeTable 1 won, 0 lost, 1 variables>"

    def test_other_attributes_are_not_there(self) -> None:
        with pytest.raises(AttributeError, match="rows"):
            OutcomeTable().rows  # noqa: B018 - it raises

    @pytest.mark.parametrize(
        ("make", "path"),
        [
            (lambda: TABLE("country"), "OutcomeTable.variables"),
            (lambda: TABLE([5]), "OutcomeTable.variables"),
            (lambda: TABLE(["x", Variable("x")]), "OutcomeTable.variables"),
            (lambda: TABLE(counts=[5]), "OutcomeTable.counts"),
            (lambda: TABLE(counts=[OutcomeCounts("g", won=1, lost=0)] * 2), "OutcomeTable.counts"),
            (lambda: TABLE(counts=[OutcomeCounts("g", won=1, lost=0, rows=[("x", "a", 1, 0)])]), "one of stage"),
            (
                lambda: TABLE.from_counts({"g": (1, 0)}, TWO_COUNTRIES, ["country"]),
                r"country: expected at most \(1, 0\)",
            ),
            (lambda: TABLE().add(5), "OutcomeTable.add"),
            (lambda: TABLE().remove(None), "OutcomeTable.remove"),
            (lambda: TABLE.from_outcomes(5), "OutcomeTable.outcomes"),
            (lambda: TABLE.from_outcomes([5]), "OutcomeTable.outcomes"),
            (lambda: TABLE.from_counts([("g", 1, 0)]), "OutcomeTable.from_counts.totals"),
            (lambda: TABLE.from_counts({"g": 1}), "OutcomeTable.from_counts.totals"),
            (lambda: TABLE.from_counts({"g": (1, 0)}, [5]), r"from_counts.rows\[0\]"),
            (lambda: TABLE.from_counts({"g": (1, 0)}, [()]), r"from_counts.rows\[0\]"),
            (lambda: TABLE.from_counts({"g": (1, 0)}, [("h", "x", "a", 1, 0)], ["x"]), r"rows\[0\]"),
            (lambda: TABLE.from_counts({"g": (1, 0)}, [([], "x", "a", 1, 0)], ["x"]), r"rows\[0\]"),
            (lambda: TABLE().merge_group("g", ""), "OutcomeTable.merge_group.into"),
            (lambda: TABLE.from_counts({"g": (1, 0)}, [({}, "x", "a", 1, 0)], ["x"]), r"rows\[0\]"),
            (lambda: TABLE.preset([]), "OutcomeTable.preset.name: expected one of lead_fields"),
            (lambda: TABLE.preset("other"), "OutcomeTable.preset.name: expected one of lead_fields"),
        ],
    )
    def test_what_is_wrong_is_refused(self, make: Any, path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            make()


class TestReading:
    def test_a_record_of_a_group_without_history_reads_all_groups(self) -> None:
        table = OutcomeTable.from_outcomes([outcome(1, group="a"), outcome(2, "lost", "b")])

        assert table.score({}, group="a").groups == ("a",)
        assert table.score({}, group="c").groups == ("a", "b") == table.score({}).groups

    def test_rows_of_many_values_without_support_are_left_out_of_rows_and_totals(self) -> None:
        given = [outcome(number, tags=("often", "seldom") if number < 2 else ("often",)) for number in range(50)]
        table = OutcomeTable.from_outcomes([*given, outcome(50, "lost")], [Variable("tags", many=True)])
        prediction = table.score({"tags": ("often", "seldom")})

        assert [(each.value, each.won) for each in prediction.factors] == [("often", 50)]
        assert prediction.factors[0].weight == Fraction(1, 2)  # the only row: 50.1/50.1 against 0.1/0.1
        assert prediction.skipped == (("tags", "seldom"),)

    def test_support_is_gained_and_lost_with_single_outcomes(self) -> None:
        table = OutcomeTable([Variable("tags", many=True, minimum_support=2)]).add(outcome(1, tags="a"))
        more = table.add(outcome(2, tags="a"))

        assert [
            bool(each.score({"tags": "a"}).factors) for each in (table, more, more.remove(outcome(2, tags="a")))
        ] == [
            False,
            True,
            False,
        ]

    def test_support_is_that_of_each_group(self) -> None:
        given = [outcome(1, group="a", tags="x"), outcome(2, group="a", tags="x"), outcome(3, group="b", tags="x")]
        table = OutcomeTable.from_outcomes(given, [Variable("tags", many=True, minimum_support=2)])

        assert [each.won for each in table.score({"tags": "x"}).factors] == [2]

    def test_a_value_that_may_not_be_a_reason_still_counts(self) -> None:
        given = [outcome(number, phone="wrong") for number in range(3)] + [outcome(4, "lost", phone="right")]
        unnamed: list[Any] = [{}, {"never_for": ["wrong"], "never_against": ["right"]}]
        open_, hushed = (OutcomeTable.from_outcomes(given, [Variable("phone", **more)]) for more in unnamed)

        for value, speaks in (("wrong", "for_"), ("right", "against")):
            usual, silent = open_.score({"phone": value}), hushed.score({"phone": value})

            assert usual.value == silent.value
            assert ([each.value for each in getattr(usual, speaks)], getattr(silent, speaks)) == ([value], ())
            assert ([each.value for each in silent.suppressed], usual.suppressed) == ([value], ())

    def test_the_preset_never_calls_a_wrong_phone_a_reason_to_win(self) -> None:
        given = [outcome(1, phone_state="incorrect"), outcome(2, "lost", phone_state="correct")]
        table = OutcomeTable.from_outcomes(given, OutcomeTable.preset("lead_fields").variables)
        prediction = table.score({"phone_state": "incorrect"})

        assert [each.value for each in prediction.suppressed] == ["incorrect"]
        assert prediction.for_ == ()

    def test_ties_go_by_the_name_of_the_variable_and_the_rest_is_cut(self) -> None:
        names = ["d", "b", "a", "c"]
        given = [outcome(1, **dict.fromkeys(names, "x")), outcome(2, "lost", **dict.fromkeys(names, "y"))]
        table = OutcomeTable.from_outcomes(given, names)
        good, bad = dict.fromkeys(names, "x"), dict.fromkeys(names, "y")

        assert [each.variable for each in table.score(good).for_] == ["a", "b", "c"]
        assert [each.variable for each in table.score(bad).against] == ["a", "b", "c"]
        assert [each.variable for each in table.score(good, reasons=None).for_] == ["a", "b", "c", "d"]
        assert table.score(good, reasons=0).for_ == ()

    def test_texts_flags_and_whole_numbers_are_the_same_value_open_and_closed(self) -> None:
        table = OutcomeTable.from_outcomes([outcome(1, vip=True, visits=3)], ["vip", "visits"])

        assert len(table.score({"vip": True, "visits": 3}).factors) == 2
        assert len(table.score({"vip": "true", "visits": "3"}).factors) == 2

    @pytest.mark.parametrize("value", [Decimal("1.5"), 1.5, DAY, ("a", "b"), ["a"]])
    def test_what_has_no_few_values_is_refused(self, value: Any) -> None:
        table = OutcomeTable.from_outcomes([outcome(1)], ["size"])

        with pytest.raises(InvalidValue, match="size"):
            table.score({"size": value})

    def test_the_callers_own_facts_may_not_shadow(self) -> None:
        table = OutcomeTable.from_outcomes([outcome(1, country="AT")], ["country"])

        assert len(table.score({}, {"country": "AT"}).factors) == 1
        for values, path in (({"country": "DE"}, "score.values"), ([("country", "DE")], "score.values")):
            with pytest.raises(InvalidValue, match=path):
                table.score({"country": "AT"}, values)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"record": 5}, "score.record"),
            ({"record": SimpleNamespace(facts=5)}, "score.record"),
            ({"group": []}, "score.group"),
            ({"group": ""}, "score.group"),
            ({"reasons": -1}, "score.reasons"),
            ({"minimum_outcomes": -1}, "score.minimum_outcomes"),
            ({"minimum_won": 1.0}, "score.minimum_won"),
        ],
    )
    def test_wrong_arguments_are_refused(self, given: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue, match=path):
            OutcomeTable().score(**{"record": {}, **given})


class TestPrediction:
    def test_a_closed_record_is_certain(self) -> None:
        won, lost = (OutcomeTable().score({"stage_kind": kind}) for kind in ("won", "lost"))

        assert (won.value, won.exact) == (Decimal(100), Fraction(100))
        assert (won.odds, won.prior) == (None, None)
        assert (lost.value, str(lost)) == (Decimal(0), "0 percent")

    def test_too_few_won_records_give_no_value(self) -> None:
        table = OutcomeTable.from_outcomes([outcome(1), outcome(2, "lost")])
        prediction = table.score({}, minimum_won=2)

        assert (prediction.value, prediction.reason, prediction.won, prediction.lost) == (None, "too_few_won", 1, 1)
        assert (prediction.exact, prediction.odds, prediction.prior) == (None, None, None)
        assert str(prediction) == "none (too_few_won)"

    def test_it_is_rounded_half_up(self) -> None:
        prediction = OutcomeTable.from_counts({None: (3, 5)}).score({})

        assert (prediction.value, prediction.exact) == (Decimal("37.80"), Fraction(100 * 31, 82))

    def test_it_is_never_zero(self) -> None:
        assert OutcomeTable.from_counts({None: (0, 10**9)}).score({}).value == Decimal("0.01")

    def test_it_shows_itself_escaped(self) -> None:
        table = OutcomeTable.from_outcomes(
            [outcome(1, country="<b>")], [Variable("phone", missing_counts=True), "country"]
        )
        shown = table.score({"country": "<b>"})._repr_html_()

        assert "&lt;b&gt;" in shown
        assert ">missing</td>" in shown

    def test_its_figure_tells_the_counts(self) -> None:
        figure = OutcomeTable.from_counts({None: (3, 1)}).score({}).figure

        assert (figure.part("won"), figure.part("lost"), figure.unit) == (3, 1, "percent")

    def test_a_factor_tells_its_weight_its_odds_and_its_counts(self) -> None:
        given = [outcome(1, phone="wrong"), outcome(2, "lost", phone="wrong"), outcome(3, "lost")]
        table = OutcomeTable.from_outcomes(given, [Variable("phone", missing_counts=True)])
        missing, wrong = table.score({}).factors[0], table.score({"phone": "wrong"}).factors[0]

        assert (missing.weight, missing.odds, missing.speaks) == (Fraction(1, 7), Fraction(1, 6), "against")
        assert [str(missing), str(wrong)] == [
            "phone missing: 0.143 (0 won, 1 lost)",
            "phone wrong: 0.647 (1 won, 1 lost)",
        ]
