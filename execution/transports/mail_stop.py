"""`/mail/stop/{ticket}`: ending digests by what stands in each of them, without signing in.

POST ends them at once (RFC 8058: mail programs do so by one click); GET asks, since whoever looks through mail follows every link.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

LONGEST_TICKET_CHARACTERS = 100
Stop = Callable[[str], Awaitable[bool]]
"""Ends the digests that a ticket is for; False for one that is none."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Fresque</title><style>
:root {{ color-scheme: light dark }} body {{ font: 1.1rem/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 30rem; padding: 0 1rem }}
button {{ border: 0; border-radius: 999px; background: #b3401f; color: #fff; cursor: pointer; font: inherit; padding: 0.6rem 1.4rem }}
</style></head><body><main><h1>Fresque</h1><p>{text}</p>{more}</main></body></html>
"""
_BUTTON = '<form method="post"><button>{label}</button></form>'
_WORDS = {
    "en": {
        "ask": "Do you want no more mail about what you have not read?",
        "label": "Send me no more",
        "done": "You get no more mail about what you have not read. It can be turned on again in the settings.",
        "unknown": "This address leads nowhere. You can turn the mail off in the settings.",
    },
    "fr": {
        "ask": "Ne plus recevoir de messages sur ce que vous n’avez pas lu\u202f?",
        "label": "Ne plus en recevoir",
        "done": "Vous ne recevrez plus de messages sur ce que vous n’avez pas lu. Cela se réactive dans les réglages.",
        "unknown": "Cette adresse ne mène nulle part. Ces messages se désactivent dans les réglages.",
    },
}


class MailStop:
    """The endpoint; `stop` knows which tickets are good."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop

    @property
    def route(self) -> Route:
        """Where it is."""
        return Route("/mail/stop/{ticket}", self.answer, methods=["GET", "HEAD", "POST"])

    async def answer(self, request: Request) -> Response:
        """Ask, or end them."""
        wish = request.headers.get("accept-language", "").strip().lower()
        language = "fr" if wish.startswith("fr") else "en"
        words = _WORDS[language]
        ticket = request.path_params["ticket"]
        if request.method != "POST":
            return _page(language, words["ask"], _BUTTON.format(label=words["label"]))
        if len(ticket) > LONGEST_TICKET_CHARACTERS or not await self._stop(ticket):
            return _page(language, words["unknown"], status=404)
        return _page(language, words["done"])


def _page(language: str, text: str, more: str = "", status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(language=language, text=text, more=more), status, HEADERS)
