"""Nothing that relex does reaches outside: every docstring example runs again under an audit hook that refuses it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import doctest, importlib, io, pkgutil, sys
import relex

EXTRAS = ("relex.adapters", "relex.charts", "relex.frames", "relex.lifetime", "relex.testing")
names = [found.name for found in pkgutil.iter_modules(relex.__path__, "relex.") if not found.name.startswith(EXTRAS)]
inner = [
    found.name
    for name in names
    if importlib.import_module(name).__spec__.submodule_search_locations
    for found in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}.")
]
modules = [importlib.import_module(name) for name in names + inner]
finder = doctest.DocTestFinder()
OUTSIDE = (
    "open", "os.", "socket.", "subprocess.", "sqlite3.", "urllib.", "shutil.", "tempfile.", "glob.", "ftplib.",
    "smtplib.", "http.", "time.sleep", "ctypes.", "mmap.", "signal.", "winreg.", "pty.",
)
reached, armed = [], False

def audit(event, arguments):
    if armed and event.startswith(OUTSIDE):
        reached.append((event, arguments[:1]))

def run_all():
    ran = 0
    for module in modules:
        for doc in finder.find(module):
            for example in doc.examples:
                ran += 1
                try:
                    exec(compile(example.source, doc.name, "single"), doc.globs)
                except Exception:
                    pass  # what an example shows is tested elsewhere, its errors too
    return ran

sys.stdout = io.StringIO()
run_all()  # the first round loads what examples import, time zones among it
sys.addaudithook(audit)
armed = True
ran = run_all()
armed = False
sys.stdout = sys.__stdout__
print(ran, reached)
"""


def audited(program: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    ran, reached = done.stdout.split(" ", 1)
    return int(ran), reached.strip()


def test_no_example_reaches_outside() -> None:
    """The hook sees files, sockets, processes and the like; clocks and chance are kept out by the import contracts."""
    ran, reached = audited(PROGRAM)

    assert ran > 0
    assert reached == "[]"


def test_the_hook_would_notice() -> None:
    """The same program with one more example, which opens a file."""
    opened = PROGRAM.replace("armed = True\n", "armed = True\nopen(sys.executable, 'rb').close()\n")

    _, reached = audited(opened)

    assert "open" in reached
