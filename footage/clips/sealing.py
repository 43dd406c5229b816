"""Seals a clip with a C2PA manifest, as a process of its own: `python -m footage.clips.sealing` reads a SealOrder.

The manifest (C2PA Technical Specification 2.2) names the master as its parent, by SHA-256, and the in and out points as
an action; its signature is made with the operator's key. A process of its own, because the library is native code.
"""

import io
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import c2pa
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from PIL import Image

from ..answering import carried_out
from ..confines import confine
from ..errors import FootageError, UnreadableFile, WorkFailed
from ..places.place import source_of
from .provenance import INGREDIENT, QUIET, ingredient_json
from .seal_order import Claim, SealOrder
from .virtual import KeptFile

# The library holds a wave file twice in memory; more than a quarter of an hour of stereo goes without.
_WAVE_AT_MOST = 256 * 2**20
# Whether a reader trusts the signer depends on the reader's list of authorities, and on nothing here.
_UNTRUSTED = "signingCredential.untrusted"
_SOON = timedelta(days=30)
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


def signer_of(certificate: Path, key: Path) -> c2pa.Signer:
    """The signer of a chain of certificates, the signer's own first, and its key. UnreadableFile says what is wrong."""
    try:
        chain, secret = certificate.read_bytes(), key.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            str(error.filename), f"cannot be read ({error.strerror})", "check path and owner"
        ) from error
    try:
        own = x509.load_pem_x509_certificates(chain)[0].public_key()
    except ValueError as error:
        raise UnreadableFile(
            str(certificate), "holds no certificate in PEM", "name the signer's, then its CA's"
        ) from error
    try:
        private = load_pem_private_key(secret, None)
    except (ValueError, TypeError) as error:
        what = "holds no private key in PEM that opens without a password"
        raise UnreadableFile(str(key), what, "write it as PKCS #8 without one") from error
    der = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*der) != own.public_bytes(*der):
        raise UnreadableFile(str(key), f"is not the key of {certificate}", "name the two that belong together")
    if isinstance(own, ec.EllipticCurvePublicKey):
        algorithm = _CURVES.get(own.curve.name, "")
    else:
        algorithm = "ps256" if isinstance(own, rsa.RSAPublicKey) else "ed25519"
    if not algorithm or not isinstance(own, ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        raise UnreadableFile(str(key), "is of a kind that C2PA does not know", "make one on the curve P-256")
    plain = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(algorithm, chain, plain, None))
    except c2pa.C2paError as error:
        raise UnreadableFile(str(certificate), f"cannot sign ({error})", "ask for one that C2PA allows") from error


def manifest_of(claim: Claim, kind: str, *, carried: bool = False) -> dict[str, Any]:
    """The manifest as the library takes it: the parent opened, then trimmed, then coded anew, as far as each is so. The
    parent is not in it when it is `carried`, with manifests of its own."""
    agent = {"name": "Duplex"}
    actions: list[dict[str, Any]] = [{"action": "c2pa.opened", "parameters": {"ingredientIds": [INGREDIENT]}}]
    if (claim.first, claim.last) != (0, claim.frames):
        span = {"type": "temporal", "time": {"type": "npt", "start": claim.begin, "end": claim.end}}
        told = {
            "duplex.frame_rate": claim.rate,
            "duplex.in_frame": claim.first,
            "duplex.in_timecode": claim.timecodes[0],
            "duplex.out_frame": claim.last,
            "duplex.out_timecode": claim.timecodes[1],
        }
        trimmed = {
            "action": "c2pa.trimmed",
            "softwareAgent": agent,
            "parameters": told,
            "changes": [{"region": [span]}],
        }
        actions.append(trimmed)
    if claim.coded:
        actions.append({"action": "c2pa.transcoded", "softwareAgent": agent})
    return {
        "claim_generator_info": [agent],
        "title": claim.title,
        "format": kind,
        "ingredients": [] if carried else [ingredient_json(claim.master, claim.master_kind, claim.sha256)],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }


class _NoCopy:
    """Where the library copies a file that it leaves as it is: nothing is written, and the file itself is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def read(self, size: int = -1) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data)
        return data

    def write(self, data: bytes) -> int:
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._file.seek(0, 2))[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def flush(self) -> None: ...


def seal(order: SealOrder) -> None:
    """Writes the sealed file, or the manifest. FootageError when it cannot be."""
    assert order.claim is not None
    if order.kind == "audio/wav" and source_of(order.source).stat().st_size > _WAVE_AT_MOST:
        raise WorkFailed(order.source, "is too long a wave file to be sealed", "take a shorter passage")
    signer = signer_of(Path(order.certificate), Path(order.key))
    context = c2pa.Context.from_dict(QUIET)
    target = Path(order.target)
    manifest = manifest_of(order.claim, order.kind, carried=bool(order.ingredient))
    try:
        with _opened(order) as file, c2pa.Builder(manifest, context) as builder:
            if order.ingredient:
                builder.add_ingredient_from_archive(io.BytesIO(order.ingredient))
            if order.how == "inside":
                with target.open("w+b") as out:
                    builder.sign(signer, order.kind, file, out)
                return
            builder.set_no_embed()
            with _opened(order) as again:
                target.write_bytes(builder.sign(signer, order.kind, file, _NoCopy(again)))
    except c2pa.C2paError as error:
        raise WorkFailed(order.source, f"cannot be sealed ({error})", "ask `duplex doctor` about the key") from error


def _opened(order: SealOrder) -> BinaryIO:
    source = source_of(order.source)
    if order.master:
        return io.BufferedReader(KeptFile(source, source_of(order.master)), 1 << 20)
    return source.open("rb")


def found(sealed: BinaryIO, kind: str, beside: bytes | None = None) -> dict[str, Any]:
    """What a reader of C2PA finds in a file, or in the manifest `beside` it: its JSON."""
    with c2pa.Reader(kind, sealed, beside, c2pa.Context.from_dict(QUIET)) as reader:
        told: dict[str, Any] = json.loads(reader.json())
        return told


def key_trouble(certificate: Path, key: Path, now: datetime) -> str:
    """What is wrong with a certificate and its key, in a sentence that holds the cure; empty when a picture that was
    sealed with them is found valid."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    claim = Claim(
        title="", master="", master_kind="image/jpeg", sha256="", first=0, last=1, frames=1, rate="25/1",
        timecodes=("", ""), begin="0", end="0", coded=True,
    )  # fmt: skip
    try:
        signer = signer_of(certificate, key)
        ends = x509.load_pem_x509_certificates(certificate.read_bytes())[0].not_valid_after_utc
        if ends < now + _SOON:
            return f"{certificate} ends on {ends:%Y-%m-%d}: renew it; what was sealed under it is then found invalid"
        sealed = io.BytesIO()
        with c2pa.Builder(manifest_of(claim, "image/jpeg"), c2pa.Context.from_dict(QUIET)) as builder:
            builder.sign(signer, "image/jpeg", picture, sealed)
        told = found(sealed, "image/jpeg")
    except FootageError as error:
        return str(error)
    except c2pa.C2paError as error:
        cure = "take one for document signing or e-mail protection, its authority's behind it in the file"
        return f"{certificate} is none that C2PA allows ({error}); {cure}"
    wrong = [each["code"] for each in told.get("validation_status", ()) if each["code"] != _UNTRUSTED]
    return f"{certificate} makes seals that readers find invalid ({', '.join(wrong)})" if wrong else ""


def main() -> int:
    """Exit status 0 when it is sealed, 1 when the last line says why not."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=SealOrder)
    confine(order.claim.last - order.claim.first if order.claim else 0)
    return carried_out(order.source, order.target, lambda: seal(order))


if __name__ == "__main__":
    sys.exit(main())
