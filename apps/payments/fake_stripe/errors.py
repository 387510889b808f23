"""The error answers of the API, worded as the real one words them."""

from typing import Any


class ApiError(Exception):
    """An answer with an `error` body. `began` says that execution had begun, so an idempotency key keeps the answer."""

    def __init__(self, status: int, error: dict[str, Any], *, began: bool = False) -> None:
        super().__init__(error["message"])
        self.status = status
        self.body = {"error": {name: value for name, value in error.items() if value is not None}}
        self.began = began


def invalid(message: str, *, code: str | None = None, param: str | None = None, status: int = 400) -> ApiError:
    """Refused while the parameters were read: nothing was tried."""
    return ApiError(
        status, {"type": "invalid_request_error", "message": message, "code": code, "param": param}, began=False
    )


def refused(message: str, *, code: str | None = None, param: str | None = None, **more: Any) -> ApiError:
    """Refused by the state of the objects: the attempt itself is a result."""
    error = {"type": "invalid_request_error", "message": message, "code": code, "param": param, **more}
    return ApiError(400, error, began=True)


def no_such(noun: str, object_id: str, *, param: str = "id", status: int = 404) -> ApiError:
    return invalid(f"No such {noun}: '{object_id}'", code="resource_missing", param=param, status=status)


def card_declined(intent: dict[str, Any], error: dict[str, Any]) -> ApiError:
    return ApiError(402, {**error, "payment_intent": intent}, began=True)


def unauthorised(key: str) -> ApiError:
    if not key:
        message = "You did not provide an API key. You need to provide your API key in the Authorization header."
    else:
        message = f"Invalid API Key provided: {key[:8]}****"
    return ApiError(401, {"type": "invalid_request_error", "message": message})


def no_such_url(method: str, path: str) -> ApiError:
    return invalid(f"Unrecognized request URL ({method}: {path}).", status=404)


def key_reused(key: str) -> ApiError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return ApiError(400, {"type": "idempotency_error", "message": message})


def key_in_use(key: str) -> ApiError:
    message = (
        "There is currently another in-progress request using this idempotency key "
        f"(that probably means you submitted twice, and the other request is still going through): {key}. "
        "Please try again later."
    )
    return ApiError(409, {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": message})


def injected(status: int) -> ApiError:
    """The answer of a `status` fault."""
    if status == 429:
        error = {"type": "invalid_request_error", "code": "rate_limit", "message": "Request rate limit exceeded."}
    elif status >= 500:
        error = {"type": "api_error", "message": "An unknown error occurred."}
    else:
        error = {"type": "invalid_request_error", "message": f"Status {status} as asked."}
    return ApiError(status, error)
