"""The example of golden records: what the rules find, what people answer, and that a merge can be taken back."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from typing import TYPE_CHECKING

from golden_record.__main__ import main
from golden_record.readers import SOURCES, records
from golden_record.story import Story, told

from relex.matching import NotSameAs, SameAs

if TYPE_CHECKING:
    from relex import Customer


@pytest.fixture(scope="module")
def story() -> Story:
    return told(records())


def customer(story: Story, ref: str) -> Customer:
    return next(found for found in story.customers if any(record.ref == ref for record in found.records))


@pytest.mark.parametrize(
    ("ref", "group"),
    [
        ("shop/S-1001", ("crm/77", "shop/S-1001")),
        ("shop/S-1002", ("crm/81", "crm/82", "shop/S-1002")),
        ("shop/S-1004", ("crm/90", "shop/S-1004")),
        ("shop/S-1005", ("crm/91", "shop/S-1005")),
        ("shop/S-1007", ("crm/95", "shop/S-1007")),
        ("shop/S-1008", ("crm/96", "shop/S-1008")),
        ("shop/S-1010", ("shop/S-1010",)),
    ],
)
def test_the_rules_find_who_is_one_in_any_script(story: Story, ref: str, group: tuple[str, ...]) -> None:
    assert story.automatic.group(ref) == group


def test_a_person_confirms_what_was_heard_on_the_phone(story: Story) -> None:
    waiting = {frozenset((pair.a, pair.b)) for pair in story.automatic.review}

    assert frozenset(("calls/C-501", "shop/S-1001")) in waiting
    assert story.resolved.group("calls/C-501") == ("calls/C-501", "crm/77", "shop/S-1001")


def test_son_and_father_stay_apart_though_they_share_a_phone(story: Story) -> None:
    assert "shop/S-1010" not in story.resolved.group("shop/S-1004")


def test_fakes_are_kept_and_flagged(story: Story) -> None:
    codes = story.assessments["shop/S-1006"].codes

    assert {"fake-name", "disposable-domain", "implausible-age", "placeholder", "repeated-digits"} == set(codes)
    assert customer(story, "shop/S-1006").name is not None


def test_every_record_belongs_to_one_customer(story: Story) -> None:
    held = [record.ref for found in story.customers for record in found.records]

    assert sorted(held) == sorted(record.ref for record in story.records)


def test_an_address_is_taken_whole_and_names_come_from_the_best_source(story: Story) -> None:
    profile = customer(story, "shop/S-1002").profile

    assert (profile["street"], profile["postal"]) == ("Karl-Marx-Allee 90", "10243")
    assert {str(profile.origins[field].record).split("@")[0] for field in ("street", "postal", "city")} == {"crm/81"}
    assert profile["email"] == "anna.mueller@postfach-mueller.de"


def test_a_merge_that_is_taken_back_leaves_both_as_they_were(story: Story) -> None:
    before = {found.id: found for found in story.customers}
    survivor, other = story.parted.survivor, story.parted.other

    assert survivor.profile == before[survivor.id].profile
    assert other.profile == before[other.id].profile
    assert story.aliases.all(survivor.id) == (survivor.id,)


def test_what_people_said_is_kept(story: Story) -> None:
    said = [*story.store.log(SameAs).read(), *story.store.log(NotSameAs).read()]

    assert {f"a{number}" for number in range(1, 7)} <= {entry.id for entry in said}


def test_the_page_shows_where_each_value_comes_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--page", str(tmp_path / "out" / "page.html")]) == 0

    text = (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
    assert "髙橋 花子" in text
    assert "crm/81" in text
    assert "http" not in text
    assert "c7 into c10" in capsys.readouterr().out


def test_a_broken_source_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(SOURCES, tmp_path / "sources")
    (tmp_path / "sources" / "crm.json").write_text("[{]", encoding="utf-8")

    assert main(["--sources", str(tmp_path / "sources"), "--page", str(tmp_path / "page.html")]) == 2

    assert capsys.readouterr().err.startswith("golden_record: the sources cannot be read")
    assert not (tmp_path / "page.html").exists()
