"""The ceremonies of WebAuthn (passkeys): what a browser is asked, and what its answer is worth. Nothing is read or written here.

A challenge is a nonce with an expiry and a MAC over what it is for and whom: whoever is signed out can ask for as many as they like
without a row being kept. That each is used once is for the caller to see to (`Assertion.challenge`, `Attestation.challenge`), which
keeps the ones that were used until they are over.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from safety.seal import derived
from settings import Settings

NONCE_BYTES = 16
TIME_BYTES = 8
MAC_BYTES = 32
GOOD_SECONDS = 300
LONGEST_ANSWER_CHARACTERS = 16_384
LONGEST_CREDENTIAL_BYTES = 1_023  # as the specification has it
TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)
PLACE = "Fresque"


class Worthless(Exception):
    """The answer of a browser proves nothing; the message says why, and is for us."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whom passkeys are made for: a domain, and the origins of the pages that may ask for them."""

    domain: str
    origins: Sequence[str]

    @classmethod
    def of(cls, told: Settings) -> Party:
        """As the settings say: the host and the origin of our own address where they say nothing."""
        base = urlsplit(told.base_url)
        origins = [one.strip().rstrip("/") for one in told.passkey_origins.split(",") if one.strip()]
        return cls(told.passkey_domain or base.hostname or "", origins or [f"{base.scheme}://{base.netloc}"])


@dataclass(frozen=True, slots=True)
class Known:
    """A passkey as far as a browser is told of it."""

    credential_id: bytes
    transports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Attestation:
    """A new passkey that was proven to be there. `challenge` must not have been used before."""

    challenge: bytes
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: Sequence[str]
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """The use of a passkey that was proven. `challenge` must not have been used before."""

    challenge: bytes
    credential_id: bytes
    sign_count: int
    is_synced: bool


def new_challenge(purpose: str, now: int, secret_key: str) -> bytes:
    """A challenge for this purpose, good for `GOOD_SECONDS` from `now` (Unix time)."""
    body = secrets.token_bytes(NONCE_BYTES) + (now + GOOD_SECONDS).to_bytes(TIME_BYTES)
    return body + _mac(body, purpose, secret_key)


def _mac(body: bytes, purpose: str, secret_key: str) -> bytes:
    return hmac.digest(derived(secret_key, "passkey challenge"), body + purpose.encode(), hashlib.sha256)


def _checked(challenge: bytes, purpose: str, now: int, secret_key: str) -> bytes:
    body, mac = challenge[:-MAC_BYTES], challenge[-MAC_BYTES:]
    if len(body) != NONCE_BYTES + TIME_BYTES or not hmac.compare_digest(mac, _mac(body, purpose, secret_key)):
        raise Worthless("The challenge is not ours, or was for something else.")
    if int.from_bytes(body[NONCE_BYTES:]) < now:
        raise Worthless("The challenge is over.")
    return challenge


def registration(party: Party, challenge: bytes, handle: bytes, name: str, display: str, had: Sequence[Known]) -> str:
    """What `navigator.credentials.create` is asked, as JSON: a passkey that can sign in by itself, and not one of those they `had`."""
    options = generate_registration_options(
        rp_id=party.domain,
        rp_name=PLACE,
        user_id=handle,
        user_name=name,
        user_display_name=display,
        challenge=challenge,
        timeout=GOOD_SECONDS * 1_000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(had),
    )
    return options_to_json(options)


def request(party: Party, challenge: bytes, allowed: Sequence[Known] = ()) -> str:
    """What `navigator.credentials.get` is asked, as JSON: one of the allowed, or any that was made here when none is named."""
    options = generate_authentication_options(
        rp_id=party.domain,
        challenge=challenge,
        timeout=GOOD_SECONDS * 1_000,
        allow_credentials=_descriptors(allowed) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _descriptors(known: Sequence[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=one.credential_id,
            transports=[AuthenticatorTransport(way) for way in one.transports if way in TRANSPORTS] or None,
        )
        for one in known
    ]


def attested(party: Party, answer: str, purpose: str, now: int, secret_key: str) -> Attestation:
    """What a browser's answer to `registration` proves. Raises Worthless."""
    try:
        credential = parse_registration_credential_json(_bounded(answer))
        challenge = _challenge_in(credential.response.client_data_json)
        found = verify_registration_response(
            credential=credential,
            expected_challenge=_checked(challenge, purpose, now, secret_key),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except Worthless:
        raise
    except (Exception, RecursionError) as error:  # parsers of four formats, on the bytes of whoever asks
        raise Worthless(f"{type(error).__name__} in what was registered.") from error
    if len(found.credential_id) > LONGEST_CREDENTIAL_BYTES:
        raise Worthless("The name of the passkey is too long.")
    ways = [way.value for way in credential.response.transports or ()]
    return Attestation(
        challenge,
        found.credential_id,
        found.credential_public_key,
        found.sign_count,
        sorted(set(ways)),
        found.credential_backed_up,
    )


def named(answer: str) -> tuple[bytes, bytes | None]:
    """Which passkey an answer says that it is by, and whose (the user handle), before anything is proven. Raises Worthless."""
    try:
        credential = parse_authentication_credential_json(_bounded(answer))
    except Worthless:
        raise
    except (Exception, RecursionError) as error:
        raise Worthless(f"{type(error).__name__} in what was shown.") from error
    return credential.raw_id, credential.response.user_handle


def asserted(
    party: Party, answer: str, purpose: str, now: int, secret_key: str, *, public_key: bytes, sign_count: int
) -> Assertion:
    """What a browser's answer to `request` proves of the passkey with this key and count. Raises Worthless."""
    try:
        credential = parse_authentication_credential_json(_bounded(answer))
        challenge = _challenge_in(credential.response.client_data_json)
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=_checked(challenge, purpose, now, secret_key),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Worthless:
        raise
    except (Exception, RecursionError) as error:
        raise Worthless(f"{type(error).__name__} in what was shown.") from error
    return Assertion(challenge, found.credential_id, found.new_sign_count, found.credential_backed_up)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER_CHARACTERS:
        raise Worthless("The answer is too long.")
    return answer


def _challenge_in(client_data: bytes) -> bytes:
    said = json.loads(client_data)
    return base64url_to_bytes(str(said["challenge"]))
