"""Who signs: a private key, the certificates that vouch for it, and the authorities believed when reading.

A certificate for C2PA is an X.509 leaf that is no authority, may sign only (`digitalSignature`) and has the purpose
`emailProtection`; one that signed itself is refused by every reader (C2PA 2.x, §14.5). In production key and chain come from
whoever issues them; `made_here` makes a chain for development, which others rightly show as unknown.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from settings import Settings

ROOT_DAYS = 3_650
LEAF_DAYS = 1_825
EARLIER = dt.timedelta(hours=1)  # clocks of others may be slow
COORDINATE_BYTES = 32  # of a point on P-256
KEY_FILE = "signing-key.pem"
CHAIN_FILE = "signing-chain.pem"
ANCHORS_FILE = "signing-root.pem"
ORGANISATION = "Fresque"


class BadCredential(Exception):
    """Key and certificates cannot be used together, or cannot be read. The message names the file, never the key."""


@dataclass(frozen=True, slots=True)
class Credential:
    """An EC P-256 key with its chain (leaf first, PEM) and the roots believed when reading (PEM, may be several)."""

    key: ec.EllipticCurvePrivateKey
    chain: str
    anchors: str

    def sign(self, data: bytes) -> bytes:
        """ES256 over `data`, as the 64 bytes r ‖ s."""
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def load(key_file: Path, chain_file: Path, anchors_file: Path | None = None) -> Credential:
    """Read a credential. Without `anchors_file` the last certificate of the chain is believed. Raises BadCredential."""
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise BadCredential(f"{key_file.name} holds no private key that can be read without a password.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadCredential(f"{key_file.name} must hold an EC key on the curve P-256.")
    try:
        chain = chain_file.read_text()
        certificates = x509.load_pem_x509_certificates(chain.encode())
        anchors = anchors_file.read_text() if anchors_file else _pem(certificates[-1])
        x509.load_pem_x509_certificates(anchors.encode())
    except (OSError, ValueError, IndexError) as error:
        raise BadCredential(f"{chain_file.name} (or the file of roots) holds no certificates.") from error
    if certificates[0].public_key() != key.public_key():
        raise BadCredential(f"The first certificate of {chain_file.name} is not that of the key in {key_file.name}.")
    return Credential(key, chain, anchors)


def made_here(folder: Path) -> Credential:
    """The chain of this installation in `folder`, made at the first call: a root of its own, and a leaf that it signed.

    Safe when several processes come first at once: whoever's key lands is everybody's.
    """
    key_file, chain_file, anchors_file = (folder / name for name in (KEY_FILE, CHAIN_FILE, ANCHORS_FILE))
    if not anchors_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(folder)
    return load(key_file, chain_file, anchors_file)


def _make(folder: Path) -> None:
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Fresque development root", None, root_key, root_key)
    leaf = _certificate("Fresque pictures", root, leaf_key, root_key)
    texts = {
        KEY_FILE: leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        CHAIN_FILE: _pem(leaf) + _pem(root),
        ANCHORS_FILE: _pem(root),
    }
    # One folder made beside and moved as a whole would be simpler, but `folder` holds other things.
    lock = folder / "signing.lock"
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.lockf(descriptor, os.F_LOCK, 0)
        if (folder / ANCHORS_FILE).exists():
            return
        for name, text in texts.items():  # the roots last: where they are, all is there
            fresh = folder / f"{name}.{os.getpid()}"
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            fresh.replace(folder / name)
    finally:
        os.close(descriptor)


def _certificate(
    name: str,
    issuer: x509.Certificate | None,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """A root when there is no issuer, else a leaf for signing."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    is_root = issuer is None
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + dt.timedelta(days=ROOT_DAYS if is_root else LEAF_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_root,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_root,
                crl_sign=is_root,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not is_root:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def credential_of(told: Settings) -> Credential | None:
    """The credential the settings name, None when they name none. Raises BadCredential."""
    if told.signing_key_file:
        roots = Path(told.signing_roots_file) if told.signing_roots_file else None
        return load(Path(told.signing_key_file), Path(told.signing_chain_file), roots)
    return made_here(Path(told.signing_folder)) if told.signing_folder else None
