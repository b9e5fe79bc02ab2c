"""The grocery example: the whole year as a user runs it, a few households, and every way it can be misused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
sys.path.insert(0, str(EXAMPLES))

import grocery  # noqa: E402 - the example is a script beside the package
from grocery_log import Log  # noqa: E402


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The year as `make demo` runs it: what it prints, and the page."""
    out = tmp_path_factory.mktemp("whole")
    command = [sys.executable, str(EXAMPLES / "grocery.py"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
    return done.stdout, (out / "grocery.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Six households and the one that is shown."""
    out = tmp_path_factory.mktemp("few")
    return out, grocery.main(["--households", "6", "--out", str(out)])


def count(text: str, label: str) -> int:
    return int(re.search(rf"{label}\s+([\d,]+)", text).group(1).replace(",", ""))


def test_the_year_adds_up_to_the_totals_of_the_log(whole: tuple[str, str]) -> None:
    """155,848 baskets, 1,469,307 lines, 4,596,039.58 of sales: the published totals of the study."""
    text, page = whole

    assert "4,596,039.58 USD" in text
    assert "4,596,039.58 USD" in page
    assert [count(text, label) for label in ("households", "baskets", "lines")] == [2_469, 155_848, 1_469_307]


def test_what_is_odd_in_the_log_is_counted_in_the_open(whole: tuple[str, str]) -> None:
    text, _ = whole

    assert "8,869 lines have quantity 0" in text
    assert "4,836 lines name a product that the catalog does not know" in text


def test_every_basket_is_judged_and_every_point_is_somewhere(whole: tuple[str, str]) -> None:
    text, _ = whole
    found = re.search(r"([\d,]+) earned = ([\d,]+) outstanding \+ ([\d,]+) redeemed \+ ([\d,]+) expired", text)
    earned, outstanding, redeemed, expired = [int(number.replace(",", "")) for number in found.groups()]

    assert "all rules judged each of 155,848 baskets" in text
    assert earned > redeemed > 0
    assert expired > 0
    assert earned == outstanding + redeemed + expired


def test_the_segments_and_the_tiers_hold_every_household_once(whole: tuple[str, str]) -> None:
    text, _ = whole
    rfm = text[text.index("RFM of") : text.index("Deciles")]
    tiers = text[text.index("Tiers reached") : text.index("One award")]
    members = [int(number.replace(",", "")) for number in re.findall(r"^\S+ +([\d,]+)$", tiers, re.MULTILINE)]

    assert sum(int(number) for number in re.findall(r"(\d+) +[\d.]+ %", rfm)) == 2_469
    assert sum(members) == 2_469


def test_the_page_needs_nothing_else(whole: tuple[str, str]) -> None:
    _, page = whole

    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#)', page) == []


def test_the_points_by_rule_are_the_points_earned(few: tuple[Path, int]) -> None:
    year = grocery.run(Log(households=6, only="1023"), grocery.PROGRAM, "1023", grocery.Console(quiet=True))

    assert year.tally.points.total() == year.tally.earned.total() > 0
    assert year.seen["households"] == 7
    assert sum((purchase.net for purchase in year.purchases), grocery.Money.zero("USD")) == year.sales


def test_the_program_it_wrote_can_be_given_back(
    few: tuple[Path, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, status = few
    stored = out / "grocery-program.json"
    again = grocery.main(["--households", "1", "--out", str(tmp_path), "--program", str(stored)])

    assert (status, again) == (0, 0)
    assert grocery.load_program(stored) == grocery.PROGRAM


def test_another_household_can_be_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grocery.main(["--households", "1", "--household", "900", "--out", str(tmp_path)])

    assert "Household 900" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (('"loyalty.PerAmount"', '"loyalty.PerAmont"'), "Program.rules[0].award"),
        (('"currency":"USD"', '"currency":"dollars"'), "Program.currency"),
        (("{", ""), "column"),
    ],
)
def test_a_program_that_is_wrong_is_told_in_one_line_with_its_path(
    few: tuple[Path, int], tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: tuple[str, str], told: str
) -> None:
    out, _ = few
    broken = tmp_path / "broken.json"
    broken.write_text((out / "grocery-program.json").read_text().replace(*damage, 1))
    status = grocery.main(["--program", str(broken), "--households", "1", "--out", str(tmp_path)])
    error = capsys.readouterr().err

    assert status == 2
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--data", "/nowhere"], "cannot read /nowhere/products.parquet"),
        (["--program", "/nowhere.json"], "cannot read /nowhere.json"),
        (["--household", "nobody", "--households", "1"], "no household nobody in the log"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    status = grocery.main([*arguments, "--out", str(tmp_path)])
    error = capsys.readouterr().err

    assert status == 2
    assert told in error
    assert error.count("\n") == 1


def test_a_damaged_data_file_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("products", "transactions"):
        (tmp_path / f"{name}.parquet").write_bytes(b"PAR1 and then something else PAR1")
    status = grocery.main(["--data", str(tmp_path), "--out", str(tmp_path)])
    error = capsys.readouterr().err

    assert status == 2
    assert "cannot read" in error
    assert error.count("\n") == 1
