"""`/.well-known/security.txt` (RFC 9116), where a contact is named, and `/.well-known/change-password`, where there is a page for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

KEPT = "public, max-age=3600"
GOOD_DAYS = 30
"""How long what it says is good for: it is said anew each day, for as long as somebody runs this place."""
SCHEMES = ("mailto:", "https://", "tel:")
_UNFIT = set(' \t\r\n"<>\\^`{|}')


def contacts(said: str) -> Sequence[str]:
    """Where holes are reported, best first. Stops the process with a sentence that names what cannot be read."""
    found = [one.strip() for one in said.split(",") if one.strip()]
    for one in found:
        rest = next((one[len(scheme) :] for scheme in SCHEMES if one.lower().startswith(scheme)), "")
        if not rest or not one.isascii() or not one.isprintable() or _UNFIT & set(one):
            raise SystemExit(f"SECURITY_CONTACT cannot be read: {one!r} is no address with {', '.join(SCHEMES)}.")
    return found


class WellKnown:
    """What browsers and people look for at fixed addresses. `password_page` is where a password is changed; empty: nowhere here."""

    def __init__(self, contacts: Sequence[str], base_url: str, password_page: str) -> None:
        self._contacts = contacts
        self._base_url = base_url
        self._password_page = password_page

    @property
    def routes(self) -> list[Route]:
        """Where it is; nothing where there is nothing to say."""
        found = []
        if self._contacts:
            found.append(Route("/.well-known/security.txt", self.security))
        if self._password_page:
            found.append(Route("/.well-known/change-password", self.change_password))
        return found

    async def security(self, request: Request) -> Response:
        """To whom a hole in this place is reported."""
        until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(GOOD_DAYS)
        lines = [f"Contact: {one}" for one in self._contacts]
        lines.append(f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}")
        if self._base_url.startswith("https:"):
            lines.append(f"Canonical: {self._base_url}/.well-known/security.txt")
        return PlainTextResponse("".join(f"{line}\n" for line in lines), headers={"Cache-Control": KEPT})

    async def change_password(self, request: Request) -> Response:
        """The page on which a password is changed, for password managers that send people there."""
        return RedirectResponse(self._password_page, 303, {"Cache-Control": KEPT})
