"""What a request takes: the lists of its Accept fields, by name and by weight (RFC 9110, 12.5)."""

from starlette.datastructures import Headers

from catalogue.interview import LANGUAGES


def weighed(headers: Headers, field: str) -> list[str]:
    """The names in a list such as `Accept`, in lower case and without parameters: the most wished for first, those of
    equal weight as they stand. What has the weight 0 is refused, so it is left out; a weight that is none is 1."""
    found = []
    for part in ",".join(headers.getlist(field)).lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((_weight(piece[2:]) for piece in parameters if piece.startswith("q=")), 1.0)
        if name and weight > 0:
            found.append((weight, name))
    return [name for _, name in sorted(found, key=lambda each: -each[0])]


def takes(headers: Headers, kind: str) -> bool:
    """Whether `Accept` takes a media type by its name: `*/*` is what programs send that think of no type."""
    return kind in weighed(headers, "accept")


def preferred(headers: Headers) -> str:
    """`fr` or `en`, whichever of the two a reader wants more; French when neither is named."""
    languages = (name.partition("-")[0] for name in weighed(headers, "accept-language"))
    return next((name for name in languages if name in LANGUAGES), "fr")


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0
