"""Measure everything, or what is named: `python tests/benchmarks [--only money] [--markdown] [--rounds 5]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import harness


def main() -> int:
    """Print the table; the exit code is 1 when a row misses its bar and `--strict` is given."""
    arguments = _arguments()
    results = []
    for row in harness.all_rows(arguments.only):
        if isinstance(row, str):
            print(row, file=sys.stderr)
        else:
            print(f"measuring {row.name}", file=sys.stderr)
            results.append(harness.measure(row, rounds=arguments.rounds))
    print(harness.table(results, markdown=arguments.markdown))
    missed = [result.row.name for result in results if result.within is False]
    print(f"\n{len(results)} rows, medians of {arguments.rounds}; over the bar: {', '.join(missed) or 'none'}")
    return 1 if missed and arguments.strict else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--only", default="", help="a part of the name of the bench_*.py files to run")
    parser.add_argument("--rounds", type=int, default=harness.ROUNDS, help="samples of each row")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--strict", action="store_true", help="fail when a row is over its bar")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
