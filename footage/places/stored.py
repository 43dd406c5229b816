"""An object of an S3-compatible bucket, read by ranges where a film of a folder is read, and what speaks to the bucket.

Keys come from the environment, as every tool for S3 has them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_SESSION_TOKEN), or from the machine's role.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from ..errors import StorageAway
from .ranged import ranged

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import ClientConfig, RetryConfig, S3Config, S3Store

OPTIONS = ("endpoint", "region", "timeout")
_TIMEOUT_S = 30.0
_SENDING = 10
_CURE = "try again in a minute; `duplex doctor` tells whether it can be reached"
_KEYS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do"
_CURES = {"401": _KEYS, "403": _KEYS, "404": "check the name of the bucket and its endpoint"}
_STATUS, _SERVER = re.compile(r"status code: ([0-9]{3}[A-Za-z ]*)"), re.compile(r"https?://[^/\s]+")


def address_trouble(address: str) -> str:
    """What is wrong with the address of a bucket, with its cure; empty when nothing is. Asks nobody."""
    example = "write s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION"
    try:
        parts = urlsplit(address)
        given = parse_qs(parts.query, strict_parsing=bool(parts.query))
        endpoint = urlsplit(given.get("endpoint", ["https://any"])[0])
        seconds = float(given.get("timeout", ["1"])[0])
    except ValueError:
        return f"it cannot be read; {example}"
    if not parts.hostname or parts.username or parts.port is not None or parts.fragment:
        return f"a bucket is named by letters, digits, - and . alone, and keys stand in AWS_ACCESS_KEY_ID; {example}"
    if unknown := sorted(set(given) - set(OPTIONS)):
        return f"{unknown[0]} is no option of a bucket; there are {', '.join(OPTIONS)}"
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        return f"its endpoint is no http address; {example}"
    return "" if 0 < seconds < 3600 else "timeout is seconds, such as 30"


def _away(bucket: str, error: Exception) -> StorageAway:
    """What the client says of a failure, shortened to what helps: the server's status, or that nothing came."""
    said = str(error).partition("\n")[0]
    status, server = _STATUS.search(said), _SERVER.search(said)
    silent = "no answer" if "error sending request" in said else said[:200]
    told = silent if status is None else status[1].strip()
    at = f" at {server[0]}" if server is not None else ""
    return StorageAway(f"s3://{bucket}", f"does not answer as it should ({told}{at})", _CURES.get(told[:3], _CURE))


@lru_cache(maxsize=16)
def client(bucket: str, query: str, *, sending: bool = False) -> S3Store:
    """What speaks to a bucket, one in a process: it holds the connections. What it sends may take ten times as long as
    what it asks. StorageAway when it cannot be set up."""
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    given = {name: values[0] for name, values in parse_qs(query).items()}
    seconds = float(given.pop("timeout", _TIMEOUT_S)) * (_SENDING if sending else 1)
    limits: ClientConfig = {"timeout": f"{seconds}s", "connect_timeout": f"{min(5.0, seconds)}s", "allow_http": True}
    patience: RetryConfig = {
        "max_retries": 3,
        "retry_timeout": timedelta(seconds=seconds),
        "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=2), "base": 2},
    }
    try:
        return S3Store(bucket, client_options=limits, retry_config=patience, config=cast("S3Config", given))
    except BaseError as error:
        raise _away(bucket, error) from error


@contextmanager
def heard(bucket: str) -> Iterator[None]:
    """What the client says, in our words: FileNotFoundError for what is not there or was replaced, else StorageAway."""
    from obstore.exceptions import BaseError, PreconditionError

    try:
        yield
    except PreconditionError as error:
        raise FileNotFoundError(f"an object of s3://{bucket} was replaced") from error
    except BaseError as error:
        raise _away(bucket, error) from error


class Stat(NamedTuple):
    """The facts of an object under the names that `Path.stat` gives them."""

    st_size: int
    st_mtime_ns: int


class StoredFile(msgspec.Struct, frozen=True):
    """An object as it stood when it was found. It is read where a `Path` is; what replaced it meanwhile is not."""

    bucket: str
    query: str
    key: str
    size: int
    etag: str | None
    modified_ns: int

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}" + (f"?{self.query}" if self.query else "")

    @property
    def name(self) -> str:
        """The last part of its name."""
        return PurePosixPath(self.key).name

    @property
    def suffix(self) -> str:
        """The end of its name, with the dot."""
        return PurePosixPath(self.key).suffix

    @property
    def stem(self) -> str:
        """The last part of its name without the end."""
        return PurePosixPath(self.key).stem

    def stat(self) -> Stat:
        """Its size and when it was last changed."""
        return Stat(self.size, self.modified_ns)

    def is_file(self) -> bool:
        """Always: it was found."""
        return True

    def is_dir(self) -> bool:
        """Never."""
        return False

    def open(self, mode: Literal["rb"] = "rb") -> io.BufferedReader:
        """The object, read by ranges. OSError wherever it cannot be."""
        assert mode == "rb"
        return ranged(self.name, self.fetch, self.size)

    def fetch(self, start: int, stop: int) -> bytes:
        """Bytes [start, stop). FileNotFoundError when it is gone or replaced, StorageAway when nothing answers."""
        import obstore

        with heard(self.bucket):
            got = obstore.get(client(self.bucket, self.query), self.key, options=self._options(start, stop))
            return self._whole(bytes(got.bytes()), stop - start)

    async def read(self, start: int, stop: int) -> bytes:
        """The same, without keeping anybody waiting."""
        import obstore

        with heard(self.bucket):
            got = await obstore.get_async(client(self.bucket, self.query), self.key, options=self._options(start, stop))
            return self._whole(bytes(await got.bytes_async()), stop - start)

    def link(self, seconds: int, **said: str) -> str:
        """An address under which anybody can read it for so long; `said` are headers that the bucket then answers with,
        such as content_disposition."""
        import obstore

        from .signing import signed_again

        with heard(self.bucket):
            plain = obstore.sign(client(self.bucket, self.query), "GET", self.key, timedelta(seconds=seconds))
        headers = {f"response-{name.replace('_', '-')}": value for name, value in said.items()}
        return signed_again(plain, os.environ.get("AWS_SECRET_ACCESS_KEY", ""), headers)

    def _options(self, start: int, stop: int) -> GetOptions:
        return {"range": (start, stop), "if_match": self.etag} if self.etag else {"range": (start, stop)}

    def _whole(self, data: bytes, size: int) -> bytes:
        if len(data) != size:
            raise FileNotFoundError(f"{self} is shorter than it was")
        return data


def found(bucket: str, query: str, told: Any) -> StoredFile:
    """An object as the client tells of it."""
    changed = round(told["last_modified"].timestamp() * 1_000_000_000)
    return StoredFile(bucket, query, told["path"], told["size"], told["e_tag"], changed)


def stored_file(address: str) -> StoredFile:
    """The object at an address that a StoredFile gave as its text. FileNotFoundError when it is not there."""
    import obstore

    parts = urlsplit(address)
    with heard(parts.netloc):
        told = obstore.head(client(parts.netloc, parts.query), parts.path.strip("/"))
    return found(parts.netloc, parts.query, told)
