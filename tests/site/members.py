"""A member of the portal, signed up and signed in without walking the pages: for tests of what comes after."""

from uuid import uuid4

from playwright.sync_api import BrowserContext

from tests.site.portal import Portal

PASSWORD = "Marée-haute_2047"


def signed_up(portal: Portal, context: BrowserContext, lang: str = "fr") -> str:
    """Opens an account and leaves its session in the browser; gives the address."""
    address = f"member.{uuid4().hex[:8]}@example.org"
    post, headers = context.request.post, {"Origin": portal.origin}
    asked = post("/api/sign-up", headers=headers, data={"email": address, "password": PASSWORD, "lang": lang})
    assert asked.status == 202, asked.text()
    verified = post("/api/sign-up/verify", headers=headers, data={"code": portal.code(address)})
    assert verified.status == 200, verified.text()
    return address
