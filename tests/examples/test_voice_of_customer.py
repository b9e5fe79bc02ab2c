"""The example of feedback: what is asked, what comes back, and that everything adds up."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from voice_of_customer import sample
from voice_of_customer.__main__ import instant, main
from voice_of_customer.company import FOLLOW_UP_PROMISE, LOOP, NOW, OFFICE, SURVEY
from voice_of_customer.page import page
from voice_of_customer.voice import Voice, listened

from relex.service import sla


@pytest.fixture(scope="module")
def year() -> sample.Year:
    return sample.year(7, 60)


@pytest.fixture(scope="module")
def voice(year: sample.Year) -> Voice:
    return listened(year, NOW)


def test_the_sample_is_the_same_for_the_same_seed() -> None:
    assert sample.year(3, 5) == sample.year(3, 5)
    assert sample.year(3, 5) != sample.year(4, 5)


def test_every_request_is_kept_with_its_reasons(year: sample.Year) -> None:
    kinds = {invitation.status for invitation in year.invitations}

    assert len(year.invitations) == len(year.purchases)
    assert kinds >= {"sent", "suppressed"}
    assert all((invitation.status == "sent") is (not invitation.reasons) for invitation in year.invitations)


def test_nobody_is_asked_again_within_the_rest(year: sample.Year) -> None:
    sent: dict[str, list[datetime]] = {}
    for invitation in year.invitations:
        if invitation.status == "sent":
            sent.setdefault(invitation.request.contact, []).append(invitation.at)
    gaps = [later - before for times in sent.values() for before, later in pairwise(times)]

    assert min(gaps) >= timedelta(days=30)
    assert all(OFFICE.is_open(at) for times in sent.values() for at in times)


def test_everything_adds_up(voice: Voice) -> None:
    parts = sum(count for _, count in voice.reading.parts)
    months = sum(point.reading.n for point in voice.trend.points)

    assert parts == len(voice.responses)
    assert months == voice.reading.n
    assert voice.revenue.total == sum([amount for _, amount in voice.revenue.parts][1:], voice.revenue.parts[0][1])


def test_each_signal_has_one_case(voice: Voice) -> None:
    sources = [case.source for case in voice.cases]

    assert len(set(sources)) == len(sources)
    assert {str(source).partition(":")[0] for source in sources} == {rule.name for rule in LOOP}


def test_the_board_has_the_clocks_of_the_cases(voice: Voice) -> None:
    cards = {card.id: card for column in voice.board.columns for card in column.cards}
    open_cases = [case for case in voice.cases if case.kind == "open"]

    for case in open_cases:
        dues = [clock.due_at for clock in sla(case, FOLLOW_UP_PROMISE, as_of=NOW).clocks]
        assert cards[case.id].due in dues


def test_the_page_names_what_there_is(voice: Voice) -> None:
    text = page(voice)

    assert text.count("<section>") == 8
    assert "<script" not in text
    assert voice.reading.show() in text


def test_the_main_job_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out" / "voice.html"

    assert main(["--accounts", "25", "--as-of", "2026-05-01", "--page", str(target)]) == 0
    assert f"{SURVEY.id}" not in capsys.readouterr().err
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert instant("2026-05-01T10:00+02:00").utcoffset() == timedelta(hours=2)
