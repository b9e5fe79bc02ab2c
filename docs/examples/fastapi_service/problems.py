"""Errors of the domain as answers: each class of relex says whose move is next, and so does the status."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from fastapi_service.database import is_passing
from fastapi_service.models import Problem, plain
from relex import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected

ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "It cannot be read."},
    404: {"model": Problem, "description": "There is no such customer."},
    409: {"model": Problem, "description": "The rules refuse it, or somebody else was faster."},
    422: {"model": Problem, "description": "A value is wrong; the path says which."},
}

_AS_JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANSWERS_OF_A_PAGE: dict[int | str, dict[str, Any]] = {
    status: {"description": answer["description"], "content": _AS_JSON} for status, answer in ANSWERS.items()
}


def problem(status: int, error: str, message: object, details: dict[str, Any], headers: Any = None) -> JSONResponse:
    told = Problem(error=error, message=str(message), details={name: plain(each) for name, each in details.items()})
    return JSONResponse(told.model_dump(), status, headers)


def _rejected(_: Request, error: Rejected) -> JSONResponse:
    return problem(409, error.reason, error, {"command": error.command, **error.details})


def _not_found(_: Request, error: NotFound) -> JSONResponse:
    return problem(404, "not_found", error, {"kind": error.kind, "id": error.id})


def _conflict(_: Request, error: Conflict) -> JSONResponse:
    return problem(409, "conflict", f"{error.id} is there already, or was changed meanwhile", {"id": error.id})


def _invalid(_: Request, error: InvalidValue) -> JSONResponse:
    return problem(422, "invalid_value", error, {"path": error.path, "expected": error.expected})


def _mismatch(_: Request, error: CurrencyMismatch) -> JSONResponse:
    return problem(422, "currency_mismatch", error, {"path": "currency", "expected": error.expected})


def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    return problem(422, "invalid_value", f"{path}: {first['msg']}", {"path": path, "expected": first["msg"]})


def _http(_: Request, error: HTTPException) -> JSONResponse:
    return problem(error.status_code, "http", error.detail, {}, error.headers)


def _driver(_: Request, error: DBAPIError) -> JSONResponse:
    if not is_passing(error):
        raise error
    return problem(409, "busy", "others were faster, several times; try again", {})


HANDLERS: dict[type[Exception], Callable[..., JSONResponse]] = {
    Rejected: _rejected,
    NotFound: _not_found,
    Conflict: _conflict,
    InvalidValue: _invalid,
    CurrencyMismatch: _mismatch,
    RequestValidationError: _malformed,
    HTTPException: _http,
    DBAPIError: _driver,
}


def install(app: FastAPI) -> None:
    for error, handler in HANDLERS.items():
        app.exception_handler(error)(handler)
