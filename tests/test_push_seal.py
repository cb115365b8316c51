"""Sealing what is pushed: the example of RFC 8291, what a receiver opens, the ticket of RFC 8292, keys that are none."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from outside.push import (
    MOST_TEXT_BYTES,
    PADDED_TO_BYTES,
    BadKey,
    Browser,
    Herald,
    herald_of,
    new_key,
    padded,
    public_key_of,
    seal,
)
from settings import Settings
from tests.pushing import Receiving, bytes_of, check_ticket, text_of

# RFC 8291, section 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
AUTH = bytes_of("BTBZMqHH6r4Tts7J_aSIgg")
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = bytes_of("DGv6ra1nlYgDCS1FRnbzlw")
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXL"
    "WyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(bytes_of(text), "big"), ec.SECP256R1())


def test_the_example_of_the_standard() -> None:
    receiver = Receiving(key_of(RECEIVER), AUTH)
    sealed = seal(Browser("", receiver.public, AUTH), TEXT, salt=SALT, key=key_of(SENDER))
    assert text_of(sealed) == SEALED
    assert receiver.open(sealed) == TEXT


def test_only_the_browser_opens_it_and_each_time_it_is_another() -> None:
    receiver, other = Receiving(), Receiving()
    browser = Browser("", receiver.public, receiver.auth)
    one, two = seal(browser, TEXT), seal(browser, TEXT)
    assert receiver.open(one) == receiver.open(two) == TEXT
    assert one[:16] != two[:16]
    assert one[21:86] != two[21:86], "a key of its own"
    for wrong in (other, Receiving(receiver.key, other.auth), Receiving(other.key, receiver.auth)):
        with pytest.raises(InvalidTag):
            wrong.open(one)
    with pytest.raises(InvalidTag):
        receiver.open(one[:-1] + bytes([one[-1] ^ 1]))


def test_the_length_tells_little_and_fits() -> None:
    assert {len(padded(b"x" * size)) for size in range(1, PADDED_TO_BYTES + 1)} == {PADDED_TO_BYTES}
    receiver = Receiving()
    longest = seal(Browser("", receiver.public, receiver.auth), padded(b"x" * MOST_TEXT_BYTES))
    assert receiver.open(longest).rstrip() == b"x" * MOST_TEXT_BYTES
    with pytest.raises(ValueError, match="bytes"):
        padded(b"x" * (MOST_TEXT_BYTES + 1))


def test_a_key_that_is_no_point_seals_nothing() -> None:
    for key in (b"", b"\x04" + b"\x01" * 64, b"\x04" + b"\0" * 64, Receiving().public[:-1]):
        with pytest.raises(BadKey):
            seal(Browser("", key, AUTH), TEXT)


def test_a_ticket_is_for_one_push_service_and_for_hours() -> None:
    herald = Herald(new_key(), "mailto:post@fresque.example")
    now = time.time()
    header = herald.ticket("https://push.example.org:443/some/secret?x", now)
    claims = check_ticket(header, herald.public_key)
    assert claims["aud"] == "https://push.example.org:443"
    assert claims["sub"] == "mailto:post@fresque.example"
    assert 3_600 < claims["exp"] - now < 24 * 3_600
    assert "secret" not in header
    with pytest.raises(AssertionError):
        check_ticket(header, Herald(new_key(), "").public_key)


def test_settings_say_who_sends() -> None:
    told = Settings(public_url="https://fresque.example", vapid_key=new_key())
    assert herald_of(replace(told, vapid_key="")) is None
    assert public_key_of(replace(told, vapid_key="")) is None
    assert len(bytes_of(public_key_of(told) or "")) == 65
    for mail_from, contact in (("", "https://fresque.example"), ("F <a@b.org>", "mailto:a@b.org")):
        herald = herald_of(replace(told, mail_from=mail_from))
        assert herald is not None
        assert check_ticket(herald.ticket("https://a.org/x", 0), herald.public_key)["sub"] == contact
    for wrong in ("x", "é" * 43, new_key()[:-2], text_of(b"\0" * 32), text_of(b"\xff" * 32), "+" * 43):
        with pytest.raises(BadKey) as refused:
            herald_of(replace(told, vapid_key=wrong))
        assert wrong not in str(refused.value)
