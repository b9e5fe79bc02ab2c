"""All of it put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from fastapi_service import problems
from fastapi_service.database import Database
from fastapi_service.routes import routes
from fastapi_service.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The service on the database of the settings; it is opened when the service starts, and closed when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(settings.database_url)
        await app.state.database.create_tables()
        yield
        await app.state.database.close()

    app = FastAPI(title="Customers and points", version="1", lifespan=lifespan)
    app.include_router(routes)
    problems.install(app)
    return app
