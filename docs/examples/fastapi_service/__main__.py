"""Start the service: `python -m fastapi_service`, with `DATABASE_URL`, `HOST` and `PORT` from the environment."""

import os

import uvicorn

from fastapi_service.app import create_app
from fastapi_service.settings import Settings

settings = Settings.of(os.environ)
print(f"the service and what it can do: http://{settings.host}:{settings.port}/docs")
uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")
