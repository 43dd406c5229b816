"""The signature of an address of a bucket (AWS Signature Version 4, query string), made anew with more said in it.

obstore signs an address and knows no place for the headers that the bucket shall answer with; they are part of what is
signed, so they cannot be added behind it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlsplit

_SIGNATURE = "X-Amz-Signature"


def signed_again(address: str, secret: str, more: Mapping[str, str]) -> str:
    """The same signed GET address with more parameters, such as `response-content-disposition`.

    `secret` is the secret access key that goes with the key named in the address.
    """
    parts = urlsplit(address)
    given = {name: value for name, value in parse_qsl(parts.query) if name != _SIGNATURE} | dict(more)
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(given[name], safe='-_.~')}" for name in sorted(given))
    asked = f"GET\n{parts.path}\n{query}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    _, day, region, service, end = given["X-Amz-Credential"].rsplit("/", 4)
    scope = f"{day}/{region}/{service}/{end}"
    digest = hashlib.sha256(asked.encode()).hexdigest()
    said = f"AWS4-HMAC-SHA256\n{given['X-Amz-Date']}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for step in (day, region, service, end):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, said.encode(), "sha256").hex()
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{query}&{_SIGNATURE}={signature}"
