"""The web client's files as Vite built them: hashed assets for a year, its one page for every address of its own.

All of it is read once, at the start: a few hundred kilobytes. What Vite's build put beside a file as `.br` and `.gz` is what
browsers get that take it.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PAGE = "index.html"
NEEDED = "pages.json"  # which files each page needs beside those that index.html names; written by web/vite.config.ts
ENCODINGS = {".br": "br", ".gz": "gzip"}
# The client's own addresses (see web/source/routing/router.tsx). Of others the page says that nothing is there, with 404.
PAGES = (
    "/",
    "/explore",
    "/search",
    "/similar/{id}",
    "/notifications",
    "/notifications/{tab}",
    "/messages",
    "/messages/{id}",
    "/studio",
    "/studio/thread/{id}",
    "/bookmarks",
    "/drafts",
    "/boards/{id}",
    "/lists",
    "/lists/{id}",
    "/lists/{id}/people",
    "/feeds",
    "/feeds/{id}",
    "/feeds/{id}/edit",
    "/suggestions",
    "/settings",
    "/settings/security",
    "/settings/credits",
    "/settings/labels",
    "/settings/webhooks",
    "/settings/webhooks/{id}",
    "/settings/{part}",
    "/moderation",
    "/transparency",
    "/desk",
    "/desk/{part}",
    "/desk/case/{id}",
    "/desk/rules/{id}",
    "/verify",
    "/authorize",
    "/login",
    "/signup",
    "/forgot",
    "/reset",
    "/verify-email",
    "/post/{id}",
    "/post/{id}/{list}",
    "/lineage/{id}",
    "/tag/{name}",
    "/@{handle}",
    "/@{handle}/{tab}",
)
IMMUTABLE = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
FRONT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of the page that stands at / when the client is not built: its few styles are inside it."""
TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}


def policy(bucket_url: str) -> str:
    """The Content-Security-Policy of the page: nothing inline, nothing from elsewhere but pictures from the bucket."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' blob: {bucket_url}",
            f"connect-src 'self' {bucket_url}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",  # text never becomes code,
            "trusted-types fresque",  # but for the address of the worker (web/source/push/browser.ts)
        )
    )


@dataclass(frozen=True, slots=True)
class File:
    """One file in every encoding it was built in, and the headers that go with each of them."""

    bodies: Mapping[str, bytes]  # encoding → bytes; "" is the file itself
    tag: str
    media_type: str
    headers: Mapping[str, str]

    def answer(self, request: Request, status: int = 200) -> Response:
        """The file as this browser takes it, or 304 when it has it."""
        headers = {**self.headers, "ETag": self.tag, "Vary": "Accept-Encoding"}
        if status == 200 and request.headers.get("if-none-match", "").removeprefix("W/") == self.tag:
            return Response(None, 304, headers)
        taken = {part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        encoding = next((one for one in ("br", "gzip") if one in taken and one in self.bodies), "")
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], status, headers, self.media_type)


class Client:
    """The built client in `folder`; empty when it was not built. `bucket_url` is where its pictures may come from."""

    def __init__(self, folder: Path, bucket_url: str) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in ENCODINGS)
        secure = {"Content-Security-Policy": policy(bucket_url), "Cross-Origin-Opener-Policy": "same-origin"}
        self.files = {
            path.relative_to(folder).as_posix(): _read(path, folder, secure if path.name == PAGE else {})
            for path in paths
        }
        needed = self.files.pop(NEEDED, None)
        self.links = {} if needed is None else _links(needed.bodies[""])

    def __bool__(self) -> bool:
        return PAGE in self.files

    def page(self, path: str) -> Callable[[Request], Awaitable[Response]]:
        """The client for one of its addresses, with what the browser may load meanwhile."""
        file, link = self.files[PAGE], self.links.get(path)
        return _serve(replace(file, headers={**file.headers, "Link": link}) if link else file)

    def missing(self, request: Request) -> Response | None:
        """The client saying that nothing is there, for people; None for programs."""
        if not self or request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
            return None
        answer = self.files[PAGE].answer(request, 404)
        answer.headers["Vary"] = "Accept, Accept-Encoding"  # programs are told in other words
        return answer

    def routes(self) -> list[Route]:
        """Where its pages and files are; none when it was not built."""
        if not self:
            return []
        pages = [Route(path, self.page(path)) for path in PAGES]
        return pages + [Route(f"/{name}", _serve(file)) for name, file in self.files.items() if name != PAGE]


def _links(needed: bytes) -> dict[str, str]:
    """Address → the `Link` header that names the code and the styles of its page."""
    kinds = {".js": "modulepreload", ".css": "preload; as=style; crossorigin"}
    return {
        path: ", ".join(f"</{name}>; rel={kinds[PurePosixPath(name).suffix]}" for name in names)
        for path, names in orjson.loads(needed).items()
    }


def _serve(file: File) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return file.answer(request)

    return serve


def _read(path: Path, folder: Path, more: Mapping[str, str]) -> File:
    body = path.read_bytes()
    bodies = {"": body}
    for suffix, encoding in ENCODINGS.items():
        packed = path.with_name(path.name + suffix)
        if packed.is_file():
            bodies[encoding] = packed.read_bytes()
    hashed = path.parent == folder / "assets"  # where Vite puts what carries its hash in its name
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(
        bodies,
        f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        media_type,
        {"Cache-Control": IMMUTABLE if hashed else ASK_AGAIN, **more},
    )
