"""A page in a browser of its own, in which no script may fail."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page


@contextmanager
def watched(context: BrowserContext) -> Iterator[Page]:
    """A new page, and the end of its context. AssertionError with the errors of scripts that nobody caught."""
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert not said, said
    context.close()
