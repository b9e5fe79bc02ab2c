"""The example of a service desk: what is read, what is told, and that every figure adds up."""

from __future__ import annotations

import csv
import re
import sys
import threading
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from service_desk import calls, chart, sample
from service_desk.__main__ import instant, main, server
from service_desk.company import FLOW, GOLD, LEVELS, STANDARD
from service_desk.desk import Desk, asked
from service_desk.log import imported, promised
from service_desk.page import MILESTONES, page, span

AS_OF = "2026-02-06T17:30"
DAYS = (date(2026, 1, 5), date(2026, 2, 7))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.write(tmp_path_factory.mktemp("desk"), 3, *DAYS)


@pytest.fixture(scope="module")
def desk(log: Path) -> Desk:
    return asked(imported(log), instant(AS_OF))


def test_the_sample_is_the_same_for_the_same_seed() -> None:
    week = (DAYS[0], DAYS[0] + timedelta(days=7))

    assert sample.rows(1, *week) == sample.rows(1, *week)
    assert sample.rows(1, *week) != sample.rows(2, *week)


def test_every_row_is_read_or_told(desk: Desk) -> None:
    found = desk.imported

    assert [problem.reason for row in found.refused for problem in row.problems] == [
        *("invalid_value", "unknown_event", "missing", "out_of_order", "not_resolved", "unknown_status"),
    ]
    assert [(each.field, each.value) for each in found.set_aside] == [("priority", "ASAP"), ("type", "wish")]
    assert found.rows > 1500


def test_every_case_has_the_promise_of_its_opening(desk: Desk) -> None:
    promises = {(case.customer, case.policy, case.policy_version) for case in desk.cases}

    assert {policy for _, policy, _ in promises} == {GOLD.id, STANDARD.id}
    assert {policy for customer, policy, _ in promises if customer == "k-003"} == {GOLD.id}
    assert {version for *_, version in promises} == {1}


def test_a_promise_moves_no_event_but_its_number(desk: Desk) -> None:
    case = desk.imported.cases[0]
    found = promised(case)

    assert [event.at for event in found.history] == [case.opened_at, *(event.at for event in case.history)]
    assert (found.status, found.resolved_at) == (case.status, case.resolved_at)


def test_the_backlog_balances_and_ends_with_the_open_cases(desk: Desk) -> None:
    days = [figure for _, figure in desk.by_day.series("backlog.cases")]

    assert all(
        figure.part("before") + figure.part("opened") + figure.part("reopened") - figure.part("left") == figure.value
        for figure in days
    )
    assert days[-1].value == len(desk.open) == len(desk.queue) == desk.report.figure("backlog.cases").value


def test_ages_and_loads_add_up_to_the_backlog(desk: Desk) -> None:
    bands = [name for name in desk.ages.columns if re.search(r"\d", name)]

    assert sum(desk.ages.figure(name).value for name in bands) == len(desk.open)  # type: ignore[misc]  # whole numbers
    assert sum(desk.loads.figure("backlog.cases", group).value for group in desk.loads.groups) == len(desk.open)  # type: ignore[misc]  # as above


@pytest.mark.parametrize("milestone", MILESTONES)
def test_priorities_add_up_to_all(desk: Desk, milestone: str) -> None:
    whole = desk.report.figure(f"sla_rate.{milestone}")
    parts = [desk.report.figure(f"sla_rate.{milestone}", (level,)) for level in LEVELS]

    for state in ("met", "missed", "overdue", "running", "paused"):
        assert sum(part.part(state) for part in parts) == whole.part(state)


def test_what_is_overdue_stands_first_in_the_queue(desk: Desk) -> None:
    order = ["overdue", "due", "no_clock", "paused"]
    whys = [order.index(place.why) for place in desk.queue.places]

    assert whys == sorted(whys)


def test_only_open_cases_escalate(desk: Desk) -> None:
    assert desk.due
    assert {due.case for due in desk.due} <= set(desk.open)


def test_one_case_is_told_line_by_line(log: Path, desk: Desk) -> None:
    name = desk.cases[5].id

    assert asked(imported(log), instant(AS_OF), name).timeline.case == name  # type: ignore[union-attr]  # it is there
    assert asked(imported(log), instant(AS_OF), "nobody").timeline is None


def test_every_call_was_answered_or_gave_up(tmp_path: Path, log: Path) -> None:
    attempts = calls.read(calls.write(tmp_path, 5, *DAYS))
    report = asked(imported(log), instant("2026-02-07"), attempts=attempts).calls
    assert report is not None

    level = report.figure("service_level.share")
    months = [figure.denominator for _, figure in report.series("service_level.share")]
    assert {attempt.outcome for attempt in attempts} == {"answered", "abandoned"}
    assert level.denominator == sum(months) == len(attempts)  # type: ignore[arg-type]  # whole numbers


def test_calls_stand_on_the_page(tmp_path: Path, log: Path) -> None:
    attempts = calls.read(calls.write(tmp_path, 5, *DAYS))

    assert "January 2026" in page(asked(imported(log), instant(AS_OF), attempts=attempts))
    assert "No calls were given." in page(asked(imported(log), instant(AS_OF)))


def test_the_page_stands_alone(desk: Desk) -> None:
    found = page(desk)

    assert found.startswith("<!doctype html>")
    assert not re.search(r"<script|<link|src=|@import|url\(http", found)
    assert all(f"<h2>{title}" in found for title in ("Backlog", "Promises", "One case", "Life cycle"))


def test_the_page_shows_texts_and_not_markup(log: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.csv"
    evil.write_text(log.read_text(encoding="utf-8").replace("Which cable?", "<script>x</script>"), encoding="utf-8")

    found = page(asked(imported(evil), instant(AS_OF)))

    assert "<script" not in found


def test_a_page_of_an_instant_at_which_all_is_new(log: Path) -> None:
    found = page(asked(imported(log), instant("2026-01-05T09:30")))

    assert "No case was closed yet." in found


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(59, "59 s"), (3540, "59 min"), (3600, "1 h 00 min"), (359_940, "99 h 59 min"), (360_000, "4 d 4 h")],
)
def test_lengths_are_told_in_two_units(seconds: int, words: str) -> None:
    assert words == span(Fraction(seconds))


def test_the_life_cycle_is_drawn_with_every_status() -> None:
    found = chart.life_cycle(FLOW)

    assert all(status.id.replace("_", " ") in found for status in FLOW.statuses)


def test_the_command_makes_the_sample_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "write", partial(sample.write, seed=3, first=DAYS[0], last=DAYS[1]))
    monkeypatch.setattr(calls, "write", partial(calls.write, first=DAYS[0], last=DAYS[1]))

    assert main(["--page", str(tmp_path / "desk.html"), "--as-of", AS_OF]) == 0
    assert "promises as of 06 February 2026, 17:30" in capsys.readouterr().out
    assert (tmp_path / "desk.html").read_text(encoding="utf-8").endswith("</html>\n")


def test_the_command_reads_snapshots_by_the_columns_of_the_user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "own.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Nr", "Changed", "State", "Created", "First answer"])
        writer.writerow(["1", "2026-05-04 12:00", "open", "2026-05-04 09:00", "2026-05-04 09:40"])
        writer.writerow(["1", "2026-05-05 12:00", "resolved", "2026-05-04 09:00", "2026-05-04 09:40"])
        writer.writerow(["2", "2026-05-05 12:00", "gone", "2026-05-04 09:00", ""])
    columns = ["id=Nr", "at=Changed", "status=State", "opened_at=Created", "first_replied_at=First answer"]

    found = main(
        ["--csv", str(tmp_path / "own.csv"), "--snapshots", "--page", str(tmp_path / "own.html"), "--columns", *columns]
    )

    assert found == 0
    assert "3 rows: 1 cases, 1 rows refused" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    assert main(["--csv", str(tmp_path / "none.csv")]) == 2
    assert main(["--csv", str(tmp_path / "other.csv")]) == 2
    assert capsys.readouterr().err.count("service_desk: the log cannot be read") == 2


def test_a_column_is_named_with_its_field(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--columns", "Nr"])

    assert "field=column" in capsys.readouterr().err


def test_the_page_is_served() -> None:
    with server(0, "<p>é</p>") as served:
        thread = threading.Thread(target=served.handle_request)
        thread.start()
        with urlopen(f"http://127.0.0.1:{served.server_port}/", timeout=5) as answer:
            assert answer.read().decode() == "<p>é</p>"
        thread.join()
