"""What the environment says, as one record. Every setting is optional on a laptop."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from footage.places.place import SCHEME

Lang = Literal["fr", "en"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings, under their names without the prefix, in lower case. deploy/SETTINGS.md explains each."""

    origin: str = "http://127.0.0.1:8000"
    listen: str = ""
    proxies: str = ""
    database: str = "sqlite+aiosqlite:///var/duplex.db"
    media: str = "var/media"
    clips: str = "var/clips"
    site: Path = Path("site")
    mail: str = "folder:var/mail"
    mail_from: str = "Duplex <lettres@duplex.example>"
    secrets: Path = Path("var/secrets.json")
    clips_bytes: Annotated[int, msgspec.Meta(ge=0)] = 50_000_000_000
    clips_days: Annotated[int, msgspec.Meta(ge=1)] = 30
    offload: str = "none"
    limits: Literal["", "normal", "wide"] = ""
    metrics: str = ""
    c2pa_cert: str = ""
    c2pa_key: str = ""
    bcrypt_cost: Annotated[int, msgspec.Meta(ge=4, le=16)] = 12

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the origin: plain http and /dev/mail are for that case only."""
        return urlsplit(self.origin).scheme == "http" and is_loopback(urlsplit(self.origin).hostname or "")

    @property
    def shows_letters(self) -> bool:
        """Whether letters may be read at /dev/mail: only this machine knows the address, and only this machine calls.

        Any name can be said in the Host header, so an origin on a loopback alone keeps nobody on the network out.
        """
        return self.loopback and is_loopback(self.address[0])

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be Secure."""
        return self.origin.startswith("https://")

    @property
    def netloc(self) -> str:
        """Host and port as browsers send them in the Host header, in lower case."""
        return urlsplit(self.origin).netloc.lower()

    @property
    def address(self) -> tuple[str, int]:
        """Where to listen: DUPLEX_LISTEN, else the origin's host and port on a loopback, else 127.0.0.1:8000."""
        parts = urlsplit(f"//{self.listen}" if self.listen else self.origin)
        if not self.listen and not self.loopback:
            return "127.0.0.1", 8000
        return parts.hostname or "127.0.0.1", parts.port or 80

    @property
    def folders(self) -> dict[str, Path]:
        """The folders of this machine that hold films, clips and letters, by the name of their setting."""
        stores = {"MEDIA": self.media, "CLIPS": self.clips}
        found = {name: Path(place) for name, place in stores.items() if not str(place).startswith(SCHEME)}
        kind, _, letters = self.mail.partition(":")
        return found | ({"MAIL": Path(letters)} if kind == "folder" else {})

    @property
    def metrics_address(self) -> tuple[str, int]:
        """Where the figures are told: DUPLEX_METRICS, on this machine when only a port is given."""
        parts = urlsplit(f"//{self.metrics}")
        return parts.hostname or "127.0.0.1", parts.port or 0

    @property
    def wide(self) -> bool:
        """Whether network limits are a hundredfold: said so, or by default where only this machine can call."""
        return self.limits == "wide" or (self.limits == "" and self.loopback)


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
