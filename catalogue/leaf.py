"""A file of the site that is made of many interviews: a list, a feed, a map."""

from collections.abc import Callable, Mapping

import msgspec

# The hash of what each interview's card shows, by slug and language.
Marks = Mapping[tuple[str, str], bytes]


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is its path from the root of the site, `key` the hash of all it is made of, `make` what makes its bytes.
    When it is a page to be found, `address` is its path and `twin` that of its translation."""

    name: str
    key: bytes
    make: Callable[[], bytes]
    address: str = ""
    twin: str | None = None


def file_at(url: str) -> str:
    """The file that a web server shows at an address."""
    return f"{url.lstrip('/')}index.html"
