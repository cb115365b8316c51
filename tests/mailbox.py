"""A mail server on this machine, by somebody else's code: what it was handed, and what it says to it."""

from __future__ import annotations

import asyncio
import email
import email.policy
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

NAME, PASSWORD = "post", "p@ss word:1"  # nobody's


@dataclass(slots=True)
class Mailbox:
    """What came, and what is answered to each address (250 where nothing is said)."""

    url: str = ""
    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    data_reply: str | None = None

    @property
    def messages(self) -> list[EmailMessage]:
        """The letters, parsed."""
        found = []
        for envelope in self.envelopes:
            message = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found

    async def handle_RCPT(  # aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address, or not."""
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a letter."""
        if self.data_reply is not None:
            return self.data_reply
        self.envelopes.append(envelope)
        return "250 OK"


@asynccontextmanager
async def mailbox(*, signing_in: bool = False) -> AsyncIterator[Mailbox]:
    """A server on a free port, without TLS."""
    found = Mailbox()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        good = (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=True)

    def one() -> SMTP:
        with warnings.catch_warnings(category=UserWarning, action="ignore"):  # it warns of signing in without TLS
            return SMTP(
                found,
                enable_SMTPUTF8=True,
                hostname="mail.test",
                auth_required=signing_in,
                auth_require_tls=False,
                authenticator=authenticate if signing_in else None,
            )

    server = await asyncio.get_running_loop().create_server(one, "127.0.0.1", 0)
    found.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?tls=never"
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()
