"""Every refusal of the edge, as a tree. The docstring is the meaning, `code` is the promise to clients.

EdgeError
├── Malformed            the request itself is broken: 4xx for forms and JSON alike
│   ├── BadRequest · NotJson · BadForm · UnsupportedMedia · TooLarge · ForbiddenOrigin · MethodNotAllowed
├── Refused              a person can mend it: forms are led back to their page
│   ├── BadEmail · WeakPassword
│   ├── BadCode · CodeExpired · CodeUsed · TooManyTries · NoFlow
│   ├── BadCredentials · NotSignedIn · WrongPassword
│   └── NotFound · UnknownInterview · NoFilm · NoSound · NoWords · BadPassage · PassageTooLong
└── Later                nothing is wrong but the moment
    ├── TooManyRequests · Busy · FilmsAway · Internal

A refusal that must be remembered (a wrong code counts) is a returned value inside its flow, and becomes one of these
only after its transaction has been committed.
"""

from typing import ClassVar, Literal


class EdgeError(Exception):
    """Anything that is answered with {"code": …}. Facts beside the code are for programs, never sentences."""

    status: ClassVar[int] = 500
    code: str = "internal"

    def __init__(self, *, retry_after: int | None = None, **facts: int | str) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.facts = facts


class Malformed(EdgeError):
    """The request cannot be read; no form of ours sends it."""

    status = 400


class BadRequest(Malformed):
    """Something about the request itself: its host, its target, its headers."""

    code = "bad_request"


class NotJson(Malformed):
    """The body says it is JSON and is not."""

    code = "not_json"


class BadForm(Malformed):
    """A field is missing, unknown, doubled, of the wrong type, or holds what no keyboard makes."""

    code = "bad_form"


class UnsupportedMedia(Malformed):
    """The body is neither a urlencoded form nor JSON."""

    status = 415
    code = "bad_request"


class TooLarge(Malformed):
    """The body is over 16 KiB."""

    status = 413
    code = "too_large"


class ForbiddenOrigin(Malformed):
    """The request was made by a page of somebody else."""

    status = 403
    code = "forbidden_origin"


class MethodNotAllowed(Malformed):
    """The address exists and does not know this method."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, allow: str = "GET, HEAD") -> None:
        super().__init__()
        self.allow = allow


class Refused(EdgeError):
    """The request was understood and cannot be granted as it stands."""

    status = 400


class BadEmail(Refused):
    """No e-mail address that we would write to."""

    code = "bad_email"


PasswordCode = Literal[
    "weak_password_length", "weak_password_space", "weak_password_mix", "weak_password_common", "password_too_long"
]


class WeakPassword(Refused):
    """The password breaks the rule that its code names."""

    def __init__(self, code: PasswordCode) -> None:
        self.code = code
        super().__init__()


class BadCode(Refused):
    """Not the code of this flow. `left` tells how many tries remain."""

    code = "bad_code"


class CodeExpired(Refused):
    """The code is over thirty minutes old, or a newer letter replaced it."""

    code = "code_expired"


class CodeUsed(Refused):
    """The code already did what it was for, in this same browser."""

    code = "code_used"


class TooManyTries(Refused):
    """The code was missed five times, or the address too often today; only a new code helps."""

    status = 429
    code = "too_many_tries"


class NoFlow(Refused):
    """This browser has not begun the flow, or skipped a step of it."""

    status = 409
    code = "no_flow"


class BadCredentials(Refused):
    """Address and password do not belong together. Never says which of the two is wrong."""

    status = 401
    code = "bad_credentials"


class NotSignedIn(Refused):
    """No live session comes with the request."""

    status = 401
    code = "not_signed_in"


class WrongPassword(Refused):
    """The signed-in person's own password was not given."""

    status = 403
    code = "wrong_password"


class NotFound(Refused):
    """Nothing is here, or nothing that this person may see."""

    status = 404
    code = "not_found"


class UnknownInterview(Refused):
    """No page of this interview in this language."""

    status = 404
    code = "unknown_interview"


class NoFilm(Refused):
    """The interview has words and no film."""

    status = 404
    code = "no_film"


class NoSound(Refused):
    """Sound alone was asked for, and the film has none."""

    status = 404
    code = "no_sound"


class NoWords(Refused):
    """Captions, shots or words alone were asked for, and nobody is heard there in that language."""

    status = 404
    code = "no_words"


class BadPassage(Refused):
    """The in and out points do not choose any frame of the film."""

    code = "bad_passage"


class PassageTooLong(Refused):
    """The passage is longer than may be cut at once."""

    code = "passage_too_long"


class Later(EdgeError):
    """The same request may succeed later; `retry_after` is in seconds."""

    status = 503


class TooManyRequests(Later):
    """A limit on this network, address or account is reached."""

    status = 429
    code = "too_many_requests"


class Busy(Later):
    """All hands are taken; nothing was begun."""

    code = "busy"


class FilmsAway(Later):
    """The bucket that keeps films and clips does not answer."""

    code = "storage_away"


class Internal(Later):
    """Our fault, and logged."""

    status = 500
    code = "internal"
