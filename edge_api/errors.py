"""What the edge refuses, and the stable code by which pages and programs know it.

EdgeError
 ├─ BadRequest            400  bad_request, bad_form, not_json, bad_email, weak_password_*, bad_code, bad_passage …
 ├─ TooLarge              413  too_large
 ├─ NotSignedIn           401  not_signed_in, bad_credentials
 ├─ Forbidden             403  forbidden_origin, wrong_password
 ├─ NotFound              404  not_found, unknown_interview, no_film
 ├─ TooManyRequests       429  too_many_requests, too_many_tries
 └─ Busy                  503  busy

A code is for programs; the sentences for readers stand in the pages, in both languages.
"""


class EdgeError(Exception):
    """A refusal with a stable code; `retry_after` is in seconds."""

    status = 400

    def __init__(self, code: str, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class BadRequest(EdgeError):
    """The request cannot be understood, or says something that cannot be."""


class TooLarge(EdgeError):
    """The body is longer than any of ours."""

    status = 413


class NotSignedIn(EdgeError):
    """Nobody is signed in here, or not with these words."""

    status = 401


class Forbidden(EdgeError):
    """Understood, and refused."""

    status = 403


class NotFound(EdgeError):
    """There is no such thing, or it is not yours: the two look alike."""

    status = 404


class TooManyRequests(EdgeError):
    """Too often; later it will work."""

    status = 429


class Busy(EdgeError):
    """Too much at once; in a moment it will work."""

    status = 503

    def __init__(self, code: str = "busy", *, retry_after: int = 5) -> None:
        super().__init__(code, retry_after=retry_after)
