"""The example of three program designs: everything adds up, and the page names who loses and why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from grocery_log import Log
from program_lab.__main__ import main
from program_lab.lab import END, Lab, tried
from program_lab.page import page, reasons


@pytest.fixture(scope="module")
def lab() -> Lab:
    return tried(Log(households=12))


def test_every_design_judges_every_basket(lab: Lab) -> None:
    baskets = {trial.year.total("awards") for trial in lab.trials}

    assert baskets == {lab.seen["purchases"]}
    assert len(lab.trials) == 3


def test_what_came_in_went_somewhere(lab: Lab) -> None:
    for trial in lab.trials:
        year = trial.year

        assert year.earned == year.redeemed + year.expired + year.outstanding


def test_the_liability_is_of_what_is_outstanding(lab: Lab) -> None:
    for trial in lab.trials:
        points = sum([month.points for month in lab.liability(trial).months])

        assert points == trial.year.outstanding
        assert lab.liability(trial).as_of == END


def test_the_parts_make_the_difference(lab: Lab) -> None:
    for _, change in lab.changes():
        assert sum(reasons(change).values()) == change.difference


def test_the_page_names_who_loses_most(lab: Lab) -> None:
    text = page(lab)

    assert text.count("<section>") == 5
    assert "<script" not in text
    for _, change in lab.changes():
        for member in change.losers():
            assert f"<b>Household {member.account}</b>" in text


def test_the_main_job_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out" / "lab.html"

    assert main(["--households", "3", "--page", str(target)]) == 0
    assert "three designs" in capsys.readouterr().out
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_data_that_is_not_there_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("program_lab: ")


def test_a_number_of_households_is_above_0(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--households", "0"])

    assert "not above 0" in capsys.readouterr().err
