"""The example of a sales desk: what the rules mend, what is told, and that every figure adds up."""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from sales_desk import sample
from sales_desk.__main__ import instant, main
from sales_desk.company import PLAN, RATES
from sales_desk.desk import Desk, asked
from sales_desk.export import amount, cleaned, day, imported, names
from sales_desk.page import page

from relex.money import Money


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    export, accounts = sample.write(tmp_path_factory.mktemp("desk"))
    return asked(imported(export, accounts), names(accounts), instant("2026-06-15T18:00"), instant("2026-06-01"))


def test_the_sample_is_the_same_for_the_same_seed() -> None:
    assert sample.rows(1) == sample.rows(1)
    assert sample.rows(1) != sample.rows(2)


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("12500", "12500"),
        ("12,500.00", "12500.00"),
        ("12.500,00", "12500.00"),
        ("12.500", "12500"),
        ("€ 9000", "9000"),
        ("1,5", "15"),
        ("", ""),
        ("ask Cem", "ask Cem"),
    ],
)
def test_amounts_are_read_with_commas_and_points(cell: str, digits: str) -> None:
    assert amount(cell) == digits


@pytest.mark.parametrize(
    ("cell", "date"),
    [("31.03.2026", "2026-03-31"), ("1.2.2026", "2026-02-01"), ("2026-03-31", "2026-03-31"), ("?", "?")],
)
def test_dates_are_read_in_both_orders(cell: str, date: str) -> None:
    assert day(cell) == date


@pytest.mark.parametrize("cell", ["D-0007", "d7", " D 0007 ", "d-007"])
def test_deal_numbers_come_into_one_form(cell: str) -> None:
    row = dict.fromkeys(sample.FIELDS, "") | {"deal_no": cell}

    assert next(cleaned([row], {}))["deal_no"] == "D-0007"


@pytest.mark.parametrize(
    "cell", ["A-04", "Müller & Söhne AG", "MÜLLER & SÖHNE AG", " Müller & Söhne ", "muller & sohne ag"]
)
def test_accounts_are_found_by_number_or_name(cell: str) -> None:
    accounts = {"A-04": {"account_id": "A-04", "name": "Müller & Söhne AG", "country": "CH"}}
    row = next(cleaned([dict.fromkeys(sample.FIELDS, "") | {"account": cell}], accounts))

    assert (row["account"], row["territory"]) == ("A-04", "dach")


def test_every_row_is_read_or_told(desk: Desk) -> None:
    found = desk.imported
    told = {row.row["deal_no"]: [problem.reason for problem in row.problems] for row in found.refused}

    assert told == {
        "D-0901": ["invalid_value"],
        "D-0902": ["unknown_stage"],
        "D-0903": ["invalid_value"],
        "D-0904": ["gate_unmet"],
        "D-0905": ["reason_required"],
        "D-0906": ["gate_unmet"],
        "": ["missing"],
    }
    assert {each.value for each in found.set_aside} == set(sample.NOBODY_KNOWS)
    assert found.rows == len(sample.rows())


def test_deals_keep_their_number_and_have_an_account(desk: Desk) -> None:
    assert len(desk.deals) == sample.DEALS + 1 + len(sample.NOBODY_KNOWS)
    assert {deal.customer for deal in desk.deals if deal.customer is not None} <= set(desk.names)


def test_the_bridge_closes_and_the_teams_add_up(desk: Desk) -> None:
    bridge, rows = desk.bridge, {row.subject: row for row in desk.view.rows("commit_forecast")}
    lines = Money.sum([line.difference for line in bridge.lines], "EUR")

    assert bridge.before[0] + lines == bridge.after[0]
    assert rows["mia"].effective == rows["noa"].effective + rows["sol"].effective
    assert rows["noa"].effective == rows["ann"].effective + rows["bob"].effective


def test_territories_add_up_to_the_forecast(desk: Desk) -> None:
    places = [desk.places.group(place).amount("closed").value for place in desk.places.groups]

    assert Money.sum(places, "EUR") == desk.view.amount("closed").value  # type: ignore[arg-type]  # money


def test_a_deal_that_fell_through_takes_back_what_it_had_earned(desk: Desk) -> None:
    lines = [line for each in desk.paid for line in each.lines if line.credit.id.startswith("D-0500/")]

    assert [line.credit.amount for line in lines] == [Money(48_000, "EUR"), Money(-48_000, "EUR")]
    assert sum(each.settlement.payable.amount for each in desk.paid) == sum(
        each.earned.amount + each.settlement.guaranteed.amount for each in desk.paid
    ) + sum(each.settlement.closing.amount for each in desk.paid[2::3])


def test_shares_of_a_deal_add_up_to_it(desk: Desk) -> None:
    shared = next(deal for deal in desk.deals if deal.kind == "won" and deal.splits and not deal.pushes)
    parts = [each.amount for each in desk.credited.credits if each.id.startswith(f"{shared.id}/{shared.version}/")]

    assert len(parts) == 2
    assert Money.sum(parts) == RATES.convert(shared.amount, PLAN.currency, PLAN.rounding)  # type: ignore[arg-type]


def test_the_page_shows_all_of_it(desk: Desk) -> None:
    text = page(desk)

    assert all(title in text for title in ("Forecast", "What moved", "Funnel", "Board", "Commissions", "not read"))
    assert "Müller &amp; Söhne AG" in text
    assert text.count("<article") == sum(len(desk.in_stage(stage.id)) for stage in desk.view.pipelines[0].stages)
    assert "stale, " in text
    assert "overdue by " in text
    assert "http" not in text
    assert "<script" not in text


def test_what_somebody_typed_is_no_markup(tmp_path: Path) -> None:
    export, accounts = sample.write(tmp_path)
    with export.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["D-0999", "2026-06-01", "1 Qualify", "<b>bold</b>", "A-01", "ann", "", "5000"])
    desk = asked(imported(export, accounts), names(accounts), instant("2026-06-15"), instant("2026-06-01"))

    assert "<b>bold</b>" not in page(desk)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page(desk)


def test_it_tells_the_desk_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--page", str(tmp_path / "out" / "page.html")]) == 0

    said = capsys.readouterr().out
    assert "7 rows refused, 3 values set aside" in said
    assert "forecast of the quarter from 2026-04-01, as of 15 June 2026" in said
    assert "pushed_out" in said
    assert "cem, from 2026-04-01" in said
    assert (tmp_path / "out" / "page.html").exists()


def test_files_of_ones_own_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, accounts = sample.write(tmp_path)
    given = ["--export", str(export), "--accounts", str(accounts), "--page", str(tmp_path / "page.html")]

    assert main([*given, "--as-of", "2026-05-01", "--since", "2026-04-01"]) == 0
    assert "as of 01 May 2026" in capsys.readouterr().out
    assert not (tmp_path / "sales-desk").exists()


def test_a_missing_file_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = ["--export", str(tmp_path / "no.csv"), "--accounts", str(tmp_path / "no.csv")]

    assert main([*lost, "--page", str(tmp_path / "page.html")]) == 2
    assert capsys.readouterr().err.startswith("sales_desk: the export cannot be read")


def test_sums_stay_exact(desk: Desk) -> None:
    weighted = desk.view.weighted().value

    assert isinstance(weighted, Money)
    assert weighted.amount == weighted.amount.quantize(Decimal("0.01"))
