"""What differs from one installation to the next."""

from collections.abc import Mapping
from typing import NamedTuple


class Settings(NamedTuple):
    """Where the data lies and where the service listens."""

    database_url: str = "sqlite+aiosqlite://"
    host: str = "127.0.0.1"
    port: int = 8000

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings that an environment names, such as `os.environ`."""
        return cls(
            database_url=environment.get("DATABASE_URL", cls().database_url),
            host=environment.get("HOST", cls().host),
            port=int(environment.get("PORT", cls().port)),
        )
