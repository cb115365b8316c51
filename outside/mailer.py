"""Sends mail: by SMTP to the server that `SMTP_URL` names, or, where there is none, into the folder `MAIL_FOLDER` as files one can read.

    smtps://user:password@host          TLS from the start (port 465)
    smtp://user:password@host           STARTTLS, which the server must offer (port 587)
    smtp://host:25?tls=never            without TLS, for a server on this machine or a network of one's own

`python -m outside.mailer name@example.org` sends a letter by way of trial.
"""

from __future__ import annotations

import asyncio
import email.policy
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from settings import Settings, settings

SECONDS_FOR_ALL = 60.0
SECONDS_FOR_ONE = 20.0  # of each step
LONGEST_LINE_CHARACTERS = 900
PORTS = {"smtps": 465, "smtp": 587}
FOR_GOOD = 500  # a reply from here on does not change by asking again
_FROM = re.compile(r"\s*(?:(?P<name>[^<>]*?)\s*<(?P<within>[^<>\s]+)>|(?P<alone>[^<>\s]+))\s*")
_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+)*"
)
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")


class Unsent(Exception):
    """A letter did not go out, and a sentence says why; `hopeless` when it never will."""

    def __init__(self, sentence: str, *, hopeless: bool = False) -> None:
        super().__init__(sentence)
        self.hopeless = hopeless


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter as it goes out. `name` is the left part of its Message-ID: the same whenever it is sent again.

    `unsubscribe` is an address that ends letters of this sort by a POST of its own (RFC 8058).
    """

    name: str
    recipient: str
    subject: str
    text: str
    html: str
    written_at: datetime
    language: str
    unsubscribe: str | None = None


class Mailer(Protocol):
    """Hands letters over."""

    async def send(self, mail: Mail) -> None:
        """Hand a letter over. Raises Unsent."""


def mailer_of(told: Settings) -> Mailer | None:
    """The mailer that the settings name; None when they name none. Raises ValueError for what cannot be read."""
    if not told.smtp_url and not told.mail_folder:
        return None
    sender = _sender(told)
    if told.smtp_url:
        return Post(told.smtp_url, sender)
    return Folder(Path(told.mail_folder), sender)


def _sender(told: Settings) -> Address:
    """`MAIL_FROM`, or nobody at the host of `PUBLIC_URL`."""
    host = urlsplit(told.base_url).hostname or "localhost"
    named = bool(re.search(r"[a-z]", host)) and ":" not in host
    found = _FROM.fullmatch(told.mail_from or f"Fresque <no-reply@{host if named else 'localhost'}>")
    try:
        if found is None:
            raise ValueError
        return Address(_line(found["name"] or "").strip('"'), addr_spec=found["within"] or found["alone"])
    except (ValueError, HeaderParseError, IndexError) as error:
        raise ValueError("MAIL_FROM cannot be read. Write it as Fresque <post@fresque.example>.") from error


def _line(text: str) -> str:
    """The text as one line of what shows: nothing in it can begin another header."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _recipient(text: str) -> Address:
    """The address, its domain in the letters of DNS. Raises Unsent for what no server would take."""
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    printed = "".join(one for one in local if one.isprintable())
    if printed != local or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Unsent("This is no address that mail can be sent to.", hopeless=True)
    return Address(username=local, domain=domain)


def message_of(mail: Mail, sender: Address) -> EmailMessage:
    """The letter as RFC 5322 has it: plain text, and the same as HTML. Raises Unsent for a recipient that is none."""
    recipient = _recipient(mail.recipient)
    plain = email.policy.SMTP if recipient.addr_spec.isascii() else email.policy.SMTPUTF8
    # Folded at 78 characters, an address without blanks would be written as an encoded word, which nobody reads as one.
    message = EmailMessage(policy=plain.clone(max_line_length=LONGEST_LINE_CHARACTERS))
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(mail.written_at.astimezone(UTC))
    message["Message-ID"] = f"<{mail.name}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language
    return message


class Post:
    """A mail server, asked on a connection of its own for each letter."""

    def __init__(self, url: str, sender: Address) -> None:
        try:
            parts = urlsplit(url)
            self._host, self._port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
            self._tls = {"smtps": "always", "smtp": parse_qs(parts.query).get("tls", ["start"])[0]}[parts.scheme]
            if not self._host or self._tls not in ("always", "start", "never"):
                raise ValueError
        except (ValueError, KeyError) as error:  # the address is not repeated: it has a password
            raise ValueError("SMTP_URL cannot be read. Write it as smtps://user:password@host.") from error
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Send a letter; it is taken when this returns."""
        recipient, body = _recipient(mail.recipient).addr_spec, message_of(mail, self._sender).as_bytes()
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            local_hostname=self._sender.domain,
            use_tls=self._tls == "always",
            start_tls=self._tls == "start",
            timeout=SECONDS_FOR_ONE,
        )
        try:
            async with asyncio.timeout(SECONDS_FOR_ALL), server:
                await server.ehlo()
                if not recipient.isascii() and not server.supports_extension("smtputf8"):
                    raise Unsent("The mail server takes no such address.", hopeless=True)
                options = [] if recipient.isascii() else ["SMTPUTF8"]
                await server.sendmail(self._sender.addr_spec, [recipient], body, mail_options=options)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [one.code for one in refused.recipients]
            raise Unsent(f"The address was refused ({codes[0]}).", hopeless=min(codes) >= FOR_GOOD) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise Unsent(f"The letter was refused ({refused.code}).", hopeless=refused.code >= FOR_GOOD) from refused
        except aiosmtplib.SMTPAuthenticationError as refused:
            raise Unsent(f"The mail server does not take SMTP_URL's name and password ({refused.code}).") from None
        except aiosmtplib.SMTPResponseException as refused:
            raise Unsent(f"The mail server said no ({refused.code}).") from refused
        except aiosmtplib.SMTPNotSupported as missing:
            raise Unsent("The mail server cannot do what SMTP_URL asks for: STARTTLS, or signing in.") from missing
        except (aiosmtplib.SMTPException, TimeoutError, OSError) as broken:
            raise Unsent(f"The mail server could not be reached, or broke off ({type(broken).__name__}).") from broken
        except ValueError as error:
            raise Unsent("This is no address that mail can be sent to.", hopeless=True) from error


class Folder:
    """A folder in which letters are kept as `.eml` files, in place of being sent; only its owner may read it."""

    def __init__(self, path: Path, sender: Address) -> None:
        self._path = path
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Put a letter there; once, however often it is sent."""
        body = message_of(mail, self._sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, f"{mail.name}.eml", body)
        except OSError as error:
            raise Unsent(f"The folder for mail cannot be written to ({error.strerror}).") from error

    def _write(self, name: str, body: bytes) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path / f".{name}"
        draft.touch(mode=0o600)
        draft.write_bytes(body)
        draft.rename(self._path / name)


async def _try(recipient: str) -> str:
    told = settings()
    mailer = mailer_of(told)
    if mailer is None:
        return "Neither SMTP_URL nor MAIL_FOLDER is set: no mail is sent here."
    now = datetime.now(UTC)
    words = f"This is a trial. Mail from {told.base_url} arrives."
    try:
        await mailer.send(
            Mail(f"trial.{now.timestamp():.0f}", recipient, "A trial", words, f"<p>{words}</p>", now, "en")
        )
    except Unsent as reason:
        return str(reason)
    return ""


def main(arguments: list[str]) -> int:
    """Send a trial to the address that is named; the exit code says whether it was taken."""
    if len(arguments) != 1:
        print("Usage: python -m outside.mailer name@example.org", file=sys.stderr)
        return 2
    failure = asyncio.run(_try(arguments[0]))
    print(failure or "It was handed over.", file=sys.stderr if failure else sys.stdout)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
