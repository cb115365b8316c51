"""Handing letters over: to a mail server, or into a folder; what nobody may slip into one."""

from __future__ import annotations

import email
import email.policy
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from outside.mailer import Mail, Unsent, mailer_of
from settings import Settings
from tests.mailbox import NAME, PASSWORD, Mailbox, mailbox

TOLD = Settings(public_url="https://fresque.example")
LINK = f"https://fresque.example/mail/stop/{'x' * 200}"


def mail(recipient: str = "ada@example.org", **more: str) -> Mail:
    given = {
        "name": "letter.1",
        "subject": "Bonjour à tous ✉",
        "text": "Une ligne – été.\n\n" + "x" * 2_000,
        "html": "<p>été</p>",
    }
    return Mail(
        recipient=recipient,
        written_at=datetime(2026, 1, 2, 3, tzinfo=UTC),
        language="fr",
        unsubscribe=LINK,
        **(given | more),
    )


async def send(box: Mailbox, given: Mail) -> None:
    mailer = mailer_of(replace(TOLD, smtp_url=box.url))
    assert mailer is not None
    await mailer.send(given)


async def test_a_letter_arrives_whole() -> None:
    async with mailbox() as box:
        await send(box, mail())
        await send(box, mail())
        one, again = box.messages
        assert box.envelopes[0].mail_from == "no-reply@fresque.example"
        assert box.envelopes[0].rcpt_tos == ["ada@example.org"]
        assert (one["From"], one["To"]) == ("Fresque <no-reply@fresque.example>", "ada@example.org")
        assert one["Subject"] == "Bonjour à tous ✉"
        assert one["Date"] == "Fri, 02 Jan 2026 03:00:00 +0000"
        assert one["Message-ID"] == "<letter.1@fresque.example>" == again["Message-ID"], (
            "what comes twice is known again"
        )
        plain, html = one.iter_parts()
        assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
        assert plain.get_content().replace("\r\n", "\n") == mail().text + "\n"
        assert html.get_content().strip() == "<p>été</p>"
        raw = box.envelopes[0].original_content or b""
        assert f"List-Unsubscribe: <{LINK}>\r\n".encode() in raw, "as it is, in one line"
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
        assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("blank", ["\n", "\r\n", "\r", "\v", "\x85", "\u2028", "\0"])
async def test_no_header_can_be_slipped_in(blank: str) -> None:
    async with mailbox() as box:
        await send(box, mail(subject=f"Hello{blank}Bcc: eve@example.org{blank}{blank}<b>body</b>"))
        (one,) = box.messages
        assert one["Subject"] == "Hello Bcc: eve@example.org <b>body</b>"
        assert one["Bcc"] is None
        assert len(list(one.iter_parts())) == 2
        for address in (
            f"ada@example.org{blank}RCPT TO:<eve@example.org>",
            f"ada{blank}@example.org",
            f"{blank}ada@example.org",
        ):
            with pytest.raises(Unsent) as refused:
                await send(box, mail(address))
            assert refused.value.hopeless
        assert len(box.envelopes) == 1


@pytest.mark.parametrize(
    "address",
    ["ada@example.org>", "<ada@example.org", "ada, eve@example.org", "ada,eve@example.org", "ada@example.org,eve", "a<b@example.org", "@x.org",
     "ada", "ada@", "ada@[127.0.0.1", 'a"b@example.org', "ada@ex ample.org", "ada@-..org"],
)  # fmt: skip
async def test_what_is_no_address_is_given_up(address: str) -> None:
    async with mailbox() as box:
        with pytest.raises(Unsent) as refused:
            await send(box, mail(address))
        assert refused.value.hopeless
        assert box.envelopes == []


async def test_letters_of_all_alphabets_are_addresses() -> None:
    async with mailbox() as box:
        await send(box, mail("zoë@bücher.example"))
        await send(box, mail("o'neil+tag@example.org"))
        assert [one.rcpt_tos for one in box.envelopes] == [["zoë@xn--bcher-kva.example"], ["o'neil+tag@example.org"]]


async def test_a_reply_says_whether_asking_again_helps() -> None:
    async with mailbox() as box:
        for reply, hopeless in (("550 no such user", True), ("450 later", False), ("452 full", False)):
            box.replies["ada@example.org"] = reply
            with pytest.raises(Unsent) as refused:
                await send(box, mail())
            assert refused.value.hopeless is hopeless
            assert reply[:3] in str(refused.value)
            assert "user" not in str(refused.value), "what the server said is not passed on"
        box.replies.clear()
        for reply, hopeless in (("554 spam", True), ("451 later", False)):
            box.data_reply = reply
            with pytest.raises(Unsent) as refused:
                await send(box, mail())
            assert refused.value.hopeless is hopeless
    with pytest.raises(Unsent, match="could not be reached") as refused:
        await send(box, mail())
    assert not refused.value.hopeless


async def test_signing_in_by_what_the_address_says() -> None:
    async with mailbox(signing_in=True) as box:
        host = box.url.removeprefix("smtp://")
        good = mailer_of(replace(TOLD, smtp_url=f"smtp://{NAME}:{quote(PASSWORD, safe='')}@{host}"))
        bad = mailer_of(replace(TOLD, smtp_url=f"smtp://{NAME}:wrong-secret@{host}"))
        assert good is not None
        assert bad is not None
        await good.send(mail())
        assert len(box.envelopes) == 1
        with pytest.raises(Unsent) as refused:
            await bad.send(mail())
        assert not refused.value.hopeless, "whoever runs this place can mend it"
        assert "secret" not in str(refused.value)


async def test_a_server_that_must_offer_tls_and_does_not_gets_nothing() -> None:
    async with mailbox() as box:
        for url in (box.url.partition("?")[0], box.url.partition("?")[0].replace("smtp:", "smtps:")):
            mailer = mailer_of(replace(TOLD, smtp_url=url))
            assert mailer is not None
            with pytest.raises(Unsent) as refused:
                await mailer.send(mail())
            assert not refused.value.hopeless
        assert box.envelopes == []


async def test_without_a_server_letters_are_kept_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    mailer = mailer_of(replace(TOLD, mail_folder=str(folder), mail_from='"Les Fresques" <post@fresque.example>'))
    assert mailer is not None
    await mailer.send(mail())
    await mailer.send(mail())
    (kept,) = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    message = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert message["From"] == "Les Fresques <post@fresque.example>"
    assert message["Subject"] == mail().subject
    (tmp_path / "file").write_text("")
    broken = mailer_of(replace(TOLD, mail_folder=str(tmp_path / "file" / "mail")))
    assert broken is not None
    with pytest.raises(Unsent):
        await broken.send(mail())


def test_what_cannot_be_read_is_said_without_the_password() -> None:
    assert mailer_of(TOLD) is None
    for url in ("http://a:geheim@b", "smtp://", "smtp://a:geheim@b?tls=perhaps", "smtp://a:geheim@b:port", "geheim"):
        with pytest.raises(ValueError, match="SMTP_URL") as refused:
            mailer_of(replace(TOLD, smtp_url=url))
        assert "geheim" not in str(refused.value)
    for sender in ("nobody", "A <b>", "a@b\nBcc: c@d", "<>", "a@b, c@d"):
        with pytest.raises(ValueError, match="MAIL_FROM"):
            mailer_of(replace(TOLD, mail_folder="x", mail_from=sender))


async def test_a_place_without_a_name_writes_from_localhost(tmp_path: Path) -> None:
    mailer = mailer_of(replace(TOLD, public_url="http://127.0.0.1:8000", mail_folder=str(tmp_path)))
    assert mailer is not None
    await mailer.send(mail())
    assert re.search(
        rb"^From: Fresque <no-reply@localhost>\r?$", (tmp_path / "letter.1.eml").read_bytes(), re.MULTILINE
    )
