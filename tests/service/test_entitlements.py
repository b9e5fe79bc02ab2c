"""Which entitlement counts for a case, and why not the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.service import Case, Entitlement, entitled, entitlements_used

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def owed(id_: str, **parts: Any) -> Entitlement:
    return Entitlement(id_, **{"customer": "k7", "period": YEAR, "policy": "gold", **parts})


def case(id_: str = "c1", **parts: Any) -> Case:
    return Case.open(id_, **{"customer": "k7", "channel": "mail", "at": NOON, **parts}).state


def reasons(given: list[Entitlement], *, of: Case | None = None, **more: Any) -> list[str]:
    answer = entitled(of or case(), given, **{"as_of": NOON, **more})
    return [str(each) for each in answer.passed]


class TestDefinition:
    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"customer": ""}, "Entitlement.customer"),
            ({"period": NOON}, "Entitlement.period"),
            ({"policy": None}, "Entitlement.policy"),
            ({"products": []}, "Entitlement.products"),
            ({"products": "printer"}, "Entitlement.products"),
            ({"products": [1]}, "Entitlement.products"),
            ({"channels": [""]}, "Entitlement.channels"),
            ({"cases": 0}, "Entitlement.cases"),
            ({"cases": True}, "Entitlement.cases"),
            ({"name": ""}, "Entitlement.name"),
        ],
        ids=lambda it: it if isinstance(it, str) else next(iter(it)),
    )
    def test_what_it_may_not_be(self, wrong: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            owed("e1", **wrong)

        assert caught.value.path == path

    def test_products_and_channels_are_sorted_sets(self) -> None:
        found = owed("e1", products=["b", "a", "b"], channels=("web", "mail"))

        assert (found.products, found.channels) == (("a", "b"), ("mail", "web"))

    def test_it_is_told_in_words(self) -> None:
        limited = owed("e2", period=Period(date(2026, 1, 1)), products=["a"], channels=["mail"], cases=5)

        assert str(owed("e1")) == "e1: gold, of k7, from 2026-01-01 until 2027-01-01"
        assert str(limited) == "e2: gold, of k7, from 2026-01-01, products a, channels mail, 5 cases"


class TestReasons:
    @pytest.mark.parametrize(
        ("parts", "reason"),
        [
            ({"customer": "k8"}, "other_customer"),
            ({"period": Period(date(2026, 6, 2), date(2027, 1, 1))}, "not_started"),
            ({"period": Period(date(2026, 1, 1), date(2026, 6, 1))}, "ended"),
            ({"products": ["printer"]}, "product"),
            ({"channels": ["phone", "web"]}, "channel"),
            ({"cases": 2}, "used_up"),
        ],
        ids=lambda it: it if isinstance(it, str) else "",
    )
    def test_why_not(self, parts: dict[str, Any], reason: str) -> None:
        answer = entitled(case(), [owed("e1", **parts)], as_of=NOON, used={"e1": 2})

        assert [f"e1: {reason}"] == [str(each) for each in answer.passed]
        assert (answer.entitlement, answer.reason) == (None, "unentitled")

    def test_the_first_reason_is_told(self) -> None:
        wrong = owed("e1", customer="k8", products=["printer"], channels=["web"])

        assert reasons([wrong]) == ["e1: other_customer"]

    def test_a_case_of_nobody_is_unentitled(self) -> None:
        assert reasons([owed("e1")], of=case(customer=None)) == ["e1: other_customer"]

    def test_nothing_owed_is_an_answer(self) -> None:
        answer = entitled(case(), [], as_of=NOON)

        assert (answer.reason, answer.passed, str(answer)) == ("unentitled", (), "c1: unentitled")

    def test_what_happens_later_is_not_seen(self) -> None:
        moved = case().set_customer("k8", at=NOON + timedelta(hours=1)).state

        assert reasons([owed("e1")], of=moved) == []
        assert reasons([owed("e1")], of=moved, as_of=NOON + timedelta(hours=1)) == ["e1: other_customer"]


class TestPeriod:
    def test_it_holds_from_its_start_until_before_its_end(self) -> None:
        half = owed("e1", period=Period(NOON, NOON + timedelta(hours=1)))
        asked = [NOON - timedelta(seconds=1), NOON, NOON + timedelta(minutes=59), NOON + timedelta(hours=1)]
        early = case(at=NOON - timedelta(days=1))

        found = [entitled(early, [half], as_of=at) for at in asked]

        assert [[str(each) for each in answer.passed] for answer in found] == [
            ["e1: not_started"],
            [],
            [],
            ["e1: ended"],
        ]

    def test_dates_are_those_of_the_zone(self) -> None:
        june = owed("e1", period=Period(date(2026, 6, 2), date(2026, 7, 1)))
        late = NOON.replace(hour=23)

        assert reasons([june], as_of=late) == ["e1: not_started"]
        assert reasons([june], as_of=late, tz=ZoneInfo("Europe/Berlin")) == []


class TestOrder:
    def test_naming_the_product_comes_first(self) -> None:
        product = owed("z", products=["printer"])
        found = entitled(case(product="printer"), [owed("a", channels=["mail"]), product], as_of=NOON)

        assert found.entitlement == product
        assert [str(each) for each in found.passed] == ["a: comes_later"]

    def test_then_naming_the_channel(self) -> None:
        given = [owed("a", period=Period(date(2026, 1, 1))), owed("z", channels=["mail"])]

        assert reasons(given) == ["a: comes_later"]

    def test_then_the_later_end(self) -> None:
        given = [owed("a"), owed("z", period=Period(date(2026, 1, 1), date(2027, 1, 2)))]

        assert reasons(given) == ["a: comes_later"]

    def test_no_end_is_the_latest(self) -> None:
        given = [owed("a", period=Period(date(2026, 1, 1), date(9999, 1, 1))), owed("z", period=Period(NOON))]

        assert reasons(given) == ["a: comes_later"]

    def test_then_the_id(self) -> None:
        assert reasons([owed("b"), owed("a"), owed("c")]) == ["b: comes_later", "c: comes_later"]

    def test_what_does_not_fit_is_never_first(self) -> None:
        given = [owed("a", products=["printer"]), owed("b", cases=1), owed("c")]
        answer = entitled(case(), given, as_of=NOON, used={"b": 1})

        assert str(answer) == "c1: c (a: product, b: used_up)"


class TestUse:
    def test_cases_are_counted_by_what_they_have(self) -> None:
        first, second, third = (promised(name, "e1") for name in ("c1", "c2", "c3"))
        rejected = third.reject("spam", at=NOON).state

        assert entitlements_used([first, second, rejected, case("c4")]) == {"e1": 2}

    def test_a_case_does_not_use_up_what_it_has_itself(self) -> None:
        mine = promised("c1", "e1")
        used = entitlements_used([mine])

        assert reasons([owed("e1", cases=1)], of=mine, used=used) == []
        assert reasons([owed("e1", cases=1)], of=case("c2"), used=used) == ["e1: used_up"]

    def test_what_is_not_named_has_not_been_used(self) -> None:
        assert reasons([owed("e1", cases=1)], used={"e2": 4}) == []


def promised(id_: str, entitlement: str) -> Case:
    from relex.service import PolicyChoice  # noqa: PLC0415 - used here only

    choice = PolicyChoice(policy="gold", version=1, why="entitlement", entitlement=entitlement)
    return case(id_).choose_policy(choice, at=NOON).state


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"case": "c1"}, "entitled.case"),
        ({"entitlements": [owed("e1"), owed("e1")]}, "entitled.entitlements"),
        ({"entitlements": ["e1"]}, "entitled.entitlements"),
        ({"as_of": datetime(2026, 6, 1)}, "entitled.as_of"),  # noqa: DTZ001 - naive on purpose
        ({"used": [("e1", 1)]}, "entitled.used"),
        ({"used": {"e1": -1}}, "entitled.used['e1']"),
        ({"tz": "UTC"}, "entitled.tz"),
    ],
    ids=lambda it: it if isinstance(it, str) else next(iter(it)),
)
def test_what_is_refused(wrong: dict[str, Any], path: str) -> None:
    asked = {"case": case(), "entitlements": [owed("e1")], "as_of": NOON, **wrong}

    with pytest.raises(InvalidValue) as caught:
        entitled(asked.pop("case"), asked.pop("entitlements"), **asked)

    assert caught.value.path == path


@pytest.mark.parametrize("wrong", [["c1"], "c1", {"c1": 1}, None], ids=["texts", "text", "mapping", "nothing"])
def test_only_cases_are_counted(wrong: Any) -> None:
    with pytest.raises(InvalidValue, match=r"entitlements_used\.cases"):
        entitlements_used(wrong)


def test_an_answer_shows_itself_as_a_table() -> None:
    answer = entitled(case(), [owed("<b>", channels=["web"]), owed("e2")], as_of=NOON)

    assert "&lt;b&gt;" in answer._repr_html_()
    assert "counts" in answer._repr_html_()
    assert "unentitled" in entitled(case(), [], as_of=NOON)._repr_html_()
