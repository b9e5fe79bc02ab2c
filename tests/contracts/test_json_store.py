"""The example store in a JSON file, held to the whole kit; and what it keeps when something breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from contracts.units import units

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from json_store import JsonStore

from relex import Customer, InvalidValue
from relex.parties import PersonName
from relex.testing import ConcurrencyContract, HistoryContract, OutboxContract, RuleContract, StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DAY = datetime(2026, 5, 1, tzinfo=UTC)
ADA = Customer.open("ada", PersonName("Ada Lovelace"), at=DAY)
BO = Customer.open("bo", PersonName("Bo Diddley"), at=DAY)


class TestJsonStore(StoreContract, HistoryContract, OutboxContract, RuleContract, ConcurrencyContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> JsonStore:
        return JsonStore(tmp_path)

    @pytest.fixture
    def unit(self, tmp_path: Path) -> Callable[[], Any]:
        return units(JsonStore(tmp_path))


@pytest.fixture
def store(tmp_path: Path) -> JsonStore:
    store = JsonStore(tmp_path)
    store.save(ADA)
    return store


def test_what_was_saved_is_there_when_the_store_is_opened_again(store: JsonStore, tmp_path: Path) -> None:
    assert JsonStore(tmp_path).repository(Customer).get("ada") == ADA.state


def test_a_machine_that_stops_while_it_writes_leaves_what_was_there(
    store: JsonStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the new document is on the disk, and never got into the place of the old one."""
    monkeypatch.setattr("json_store.os.fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.save(BO)
    (tmp_path / "store.new").write_text('{"states": {"Cust')
    monkeypatch.undo()

    assert list(store.repository(Customer).find()) == [ADA.state]
    store.save(BO)
    assert list(store.repository(Customer).find()) == [ADA.state, BO.state]


def test_a_damaged_body_is_told_with_its_place_and_the_others_stay_readable(store: JsonStore, tmp_path: Path) -> None:
    store.save(BO)
    document = json.loads((tmp_path / "store.json").read_text())
    document["states"]["Customer"]["ada"]["version"] = "many"
    (tmp_path / "store.json").write_text(json.dumps(document))

    assert store.repository(Customer).get("bo") == BO.state
    with pytest.raises(InvalidValue, match=r"store\.json\['ada'\]\.Customer\.version"):
        store.repository(Customer).get("ada")


WRITER = """
import pathlib, sys
from datetime import UTC, datetime
from json_store import JsonStore
from relex import Conflict, Customer
customers = JsonStore(pathlib.Path(sys.argv[1])).repository(Customer)
for number in range(10):
    while True:
        try:
            customers.save(customers.get("ada").tag(f"{sys.argv[2]}-{number}", at=datetime(2026, 5, 1, tzinfo=UTC)))
            break
        except Conflict:
            continue
"""


def test_processes_that_save_at_once_lose_nothing(store: JsonStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, name], cwd=EXAMPLES) for name in ("one", "two")]  # noqa: S603 - our own text

    assert [writer.wait(timeout=30) for writer in writers] == [0, 0]
    assert len(store.repository(Customer).get("ada").tags) == 20
