"""A certificate that may sign under C2PA, its authority's behind it, and the key that belongs to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

MAIL, TLS = ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.SERVER_AUTH


class Credentials(NamedTuple):
    """Paths of both, in PEM."""

    certificate: Path
    key: Path


def credentials(folder: Path, days: int = 365, use: ObjectIdentifier = MAIL) -> Credentials:
    """New ones, good for so many days and for one use."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    usage |= {"decipher_only": False}

    def begun(subject: str, key: ec.EllipticCurvePrivateKey, *, signs: bool) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        may = x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **usage)
        return (
            x509.CertificateBuilder(_name("Authority"), _name(subject), key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(signs, None), critical=True)
            .add_extension(may, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    signer = (
        begun("Signer", own, signs=False)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    )
    chain = [each.sign(authority, hashes.SHA256()) for each in (signer, begun("Authority", authority, signs=True))]
    made = Credentials(folder / "certificate.pem", folder / "key.pem")
    made.certificate.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in chain))
    made.key.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made.key.chmod(0o600)
    return made


def _name(subject: str) -> x509.Name:
    said = ((NameOID.ORGANIZATION_NAME, "Duplex"), (NameOID.COMMON_NAME, subject))
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in said])
