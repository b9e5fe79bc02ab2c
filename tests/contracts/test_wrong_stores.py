"""The contracts bite: each store that is wrong on purpose fails exactly the tests about what is wrong with it.

The contracts of the wrong stores run in a pytest of their own, once.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.xdist_group("wrong stores")

CONTRACTS = Path(__file__).with_name("wrong_contracts.py")
FAILING = {
    "TestPlainStore": set(),
    "TestLastWriterWins": {
        "test_a_conflict_in_one_class_keeps_nothing_of_the_others",
        "test_a_conflict_in_the_first_of_many_keeps_none",
        "test_a_conflict_in_the_last_of_many_keeps_none",
        "test_a_conflict_leaves_what_was_there",
        "test_a_conflict_of_a_change_keeps_no_entry",
        "test_a_conflict_takes_back_what_replaced_something",
        "test_a_refused_save_leaves_no_event",
        "test_a_refused_save_tells_nothing",
        "test_a_stale_change_is_a_conflict",
        "test_a_version_that_is_still_to_come_is_a_conflict",
        "test_after_a_conflict_the_command_succeeds_on_what_was_loaded_again",
        "test_after_a_conflict_the_store_is_as_good_as_before",
        "test_an_aggregate_that_is_not_there_has_version_0",
        "test_an_id_is_opened_once",
        "test_many_writers_of_one_account_lose_no_point",
        "test_of_two_who_open_one_id_one_succeeds",
        "test_of_two_writers_the_second_loads_again",
        "test_random_use_is_answered_as_by_the_store_in_memory",
    },
    "TestPartialSave": {
        "test_a_conflict_in_one_class_keeps_nothing_of_the_others",
        "test_a_conflict_in_the_last_of_many_keeps_none",
        "test_a_conflict_keeps_nothing_of_the_call[last]",
        "test_a_conflict_of_a_change_keeps_no_entry",
        "test_a_conflict_of_an_entry_keeps_no_change",
        "test_a_conflict_of_an_entry_takes_back_what_replaced_something",
        "test_a_conflict_takes_back_what_replaced_something",
        "test_a_refused_save_leaves_no_event",
        "test_a_refused_save_tells_nothing",
        "test_after_a_conflict_the_store_is_as_good_as_before",
        "test_an_id_with_two_contents_in_one_call_is_a_conflict",
        "test_random_use_is_answered_as_by_the_store_in_memory",
        "test_what_is_no_entry_is_refused_with_all_that_came_with_it[change]",
        "test_what_is_no_entry_is_refused_with_all_that_came_with_it[half]",
        "test_what_is_no_entry_is_refused_with_all_that_came_with_it[int]",
        "test_what_is_no_entry_is_refused_with_all_that_came_with_it[none]",
        "test_what_is_no_entry_is_refused_with_all_that_came_with_it[text]",
    },
    "TestOverwriting": {
        "test_a_conflict_keeps_nothing_of_the_call[first]",
        "test_a_conflict_keeps_nothing_of_the_call[last]",
        "test_a_conflict_of_an_entry_keeps_no_change",
        "test_a_conflict_of_an_entry_takes_back_what_replaced_something",
        "test_an_equal_entry_has_no_effect",
        "test_an_id_with_another_content_is_a_conflict",
        "test_an_id_with_two_contents_in_one_call_is_a_conflict",
        "test_random_use_is_answered_as_by_the_store_in_memory",
    },
    "TestInsertionOrder": {
        "test_a_limit_is_the_most_that_comes[1-expected1]",
        "test_a_limit_is_the_most_that_comes[2-expected2]",
        "test_a_limit_is_the_most_that_comes[9-expected3]",
        "test_a_rule_is_asked_of_the_facts",
        "test_everything_is_found_in_the_order_of_code_points",
    },
    "TestLateReader": {
        "test_what_is_saved_after_the_call_is_not_found",
        "test_what_is_saved_after_the_call_is_not_on_the_page",
        "test_what_is_saved_while_somebody_iterates_is_not_found",
    },
    "TestAnyCase": {"test_a_subject_is_compared_exactly"},
    "TestForgetfulZones": {
        f"test_an_{what}[{at}]"
        for what in ("entry_comes_back_in_the_same_form", "instant_comes_back_with_its_zone")
        for at in ("offset", "zone", "first of a repeated hour", "second of a repeated hour")
    },
    "TestLostHistory": {"test_a_history_grows_with_each_save"},
    "TestForgetfulOutbox": {
        "test_a_limit_is_the_most_that_is_told[2-2]",
        "test_a_limit_is_the_most_that_is_told[9-3]",
        "test_delivered_messages_do_not_come_again",
        "test_messages_wait_until_they_are_delivered",
    },
    "TestKeepsHalfAUnit": {"test_a_unit_that_fails_leaves_nothing", "test_what_is_not_committed_is_not_seen"},
}


@cache
def failures() -> dict[str, dict[str, str]]:
    """What pytest said of the tests that did not pass, by class and name."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", CONTRACTS, "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own tests
        cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - pytest has just written it
        found: dict[str, dict[str, str]] = {}
        for case in cases:
            of_class = found.setdefault(case.attrib["classname"].rsplit(".", 1)[-1], {})
            said = [part.attrib["message"] + (part.text or "") for part in case if part.tag in {"failure", "error"}]
            if said:
                of_class[case.attrib["name"]] = said[0]
    return found


@pytest.mark.parametrize("name", FAILING)
def test_a_wrong_store_fails_exactly_the_tests_about_its_fault(name: str) -> None:
    assert set(failures()[name]) == FAILING[name]


def test_a_store_that_finds_the_unknown_fails_nearly_every_rule() -> None:
    found = failures()["TestUnknownIsTrue"]

    assert "test_an_unknown_fact_is_not_found" in found
    assert "test_every_rule_finds_what_it_is_true_of[is]" in found
    assert "test_every_rule_finds_what_it_is_true_of[missing]" not in found


def test_no_contract_was_left_out() -> None:
    assert set(failures()) == {*FAILING, "TestUnknownIsTrue", "TestNoFixture"}


def test_a_failing_assert_shows_both_sides() -> None:
    """The modules of the kit are rewritten by pytest, as tests of one's own are."""
    said = failures()["TestInsertionOrder"]["test_a_rule_is_asked_of_the_facts"]

    assert "assert ['c3', 'c1'] == ['c1', 'c3']" in said


def test_a_fixture_that_is_missing_says_who_needs_what() -> None:
    said = failures()["TestNoFixture"]["test_nobody_has_no_history"]

    assert "TestNoFixture needs a fixture `store` that gives an empty store" in said


def test_random_use_tells_how_it_came_to_a_difference() -> None:
    said = failures()["TestPartialSave"]["test_random_use_is_answered_as_by_the_store_in_memory"]

    assert "does not answer what the store in memory answers" in said
    assert "state = Machine()" in said or "Falsifying example" in said
