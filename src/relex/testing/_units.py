"""A unit of work that is awaited, as a plain context manager on an event loop of its own."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from relex.testing._bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

__all__ = ["bridged"]


@contextmanager
def bridged(unit: Callable[[], AbstractAsyncContextManager[Any]]) -> Iterator[Bridge]:
    """Begin the unit, and end it as the block ends."""
    with asyncio.Runner() as runner:
        manager = unit()
        store = runner.run(_begun(manager))
        try:
            yield Bridge(store, runner)
        except BaseException as error:
            runner.run(_ended(manager, error))
            raise
        else:
            runner.run(_ended(manager, None))


async def _begun(manager: AbstractAsyncContextManager[Any]) -> Any:
    return await manager.__aenter__()


async def _ended(manager: AbstractAsyncContextManager[Any], error: BaseException | None) -> None:
    if error is None:
        await manager.__aexit__(None, None, None)
    else:
        await manager.__aexit__(type(error), error, error.__traceback__)
