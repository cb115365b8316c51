"""What every answer says to a browser: what may be done with it, and what a page in it may do. Set where the answer itself says nothing.

An answer that is no page runs nothing and is shown in no frame; it stays in no cache. Whoever serves a page says more: the web
client has a policy of its own (`client.py`). With a public address of https, browsers are told to come by no other way (HSTS).
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS = "max-age=31536000"  # a year; nothing is said of other hosts below this one, which are not ours
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# What no page of ours asks for; what is not named (writing to the clipboard, passkeys) is left to our own pages by browsers.
UNUSED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *(
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
    ),
    *("midi", "payment", "screen-wake-lock", "serial", "usb", "window-management", "xr-spatial-tracking"),
)
PERMISSIONS = ", ".join(f"{name}=()" for name in UNUSED)
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": PERMISSIONS,
    "content-security-policy": NOTHING,
    "cache-control": "no-store",
}
RESOURCE_POLICY = "cross-origin-resource-policy"


class Armour:
    """An ASGI application around another. Pages of other origins may show what lies at `open_paths` (those that end with a slash
    stand for all below them); `secure` is whether the world reaches us by https."""

    def __init__(self, app: ASGIApp, open_paths: Iterable[str], secure: bool) -> None:
        self.app = app
        self.open_paths = tuple(open_paths)
        headers = {**EVERYWHERE, **({"strict-transport-security": HSTS} if secure else {})}
        self.ours = _raw({**headers, RESOURCE_POLICY: "same-origin"})
        self.open = _raw({**headers, RESOURCE_POLICY: "cross-origin"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; sockets pass."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path: str = scope["path"]
        is_open = any(path == place or (place[-1] == "/" and path.startswith(place)) for place in self.open_paths)
        more = self.open if is_open else self.ours

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                if b"etag" in said:  # it may be kept, and is asked for again
                    said.add(b"cache-control")
                message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in said)]
            await send(message)

        await self.app(scope, receive, tell)


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
