"""What a page says of itself, out of the bytes of a stranger: OpenGraph, Twitter's names, oEmbed's address, the title.

The parser is Python all through: nothing that a page does can harm more than this one answer. What comes out is plain text and
addresses, neither of which was looked at.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from justhtml import JustHTML

OEMBED_TYPE = "application/json+oembed"
MOST_CHARACTERS = 10_000  # of one value
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "twitter:description", "description")
SITES = ("og:site_name", "application-name")
AUTHORS = ("author", "article:author", "twitter:creator")
IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")

MOST_PRESCANNED_BYTES = 4_096
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_PAGE_CHARSET = re.compile(
    r"utf-?8|(us-)?ascii|latin-?1|(windows|cp|iso-8859|ibm|koi8)[-_]?(\d{1,4}|[ru])|(x-)?(shift[-_]?jis|sjis)|euc-(jp|kr)|iso-2022-jp"
    r"|gbk|gb2312|gb18030|big5(-hkscs)?|macintosh|tis-620"
)
# What browsers read under these names has more characters than the names say.
_BROADER = {
    "ascii": "cp1252", "us-ascii": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
    "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says; empty where it says nothing. Addresses are absolute."""

    title: str = ""
    description: str = ""
    site: str = ""
    author: str = ""
    image: str = ""
    oembed: str = ""


def preview(body: bytes, charset: str | None, address: str) -> Preview:
    """Read a page (or its beginning) that was found at `address`; `charset` is what its headers say, where they say one."""
    page = _parsed(body, charset)
    metas: dict[str, str] = {}
    for node in page.query("meta"):
        said = node.attrs or {}
        name = str(said.get("property") or said.get("name") or "").strip().lower()
        value = str(said.get("content") or "").strip()[:MOST_CHARACTERS]
        if name and value:
            metas.setdefault(name, value)
    image, oembed = _first(metas, IMAGES), ""
    for node in page.query("link"):
        said = node.attrs or {}
        kinds = str(said.get("rel") or "").lower().split()
        target = str(said.get("href") or "").strip()
        if target and "alternate" in kinds and str(said.get("type") or "").lower() == OEMBED_TYPE:
            oembed = oembed or target
        if target and "image_src" in kinds:
            image = image or target
    author = _first(metas, AUTHORS)
    return Preview(
        _first(metas, TITLES) or _title(page),
        _first(metas, DESCRIPTIONS),
        _first(metas, SITES),
        "" if "://" in author else author,
        _absolute(address, image),
        _absolute(address, oembed),
    )


def _parsed(body: bytes, charset: str | None) -> JustHTML:
    return JustHTML(_text(body, charset), sanitize=False)


def _text(body: bytes, charset: str | None) -> str:
    """The page as text: as its first bytes, its headers or the page itself say, in the order in which browsers ask them."""
    for mark, name in _MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    said = _CHARSET.search(body[:MOST_PRESCANNED_BYTES])
    for label in (charset, said.group(1).decode("ascii") if said else None):
        codec = _codec(label or "")
        if codec:
            return body.decode(codec, "replace")
    return body.decode("utf-8", "replace")


def _codec(label: str) -> str | None:
    """Our codec for a charset that pages are written in; None for anything else, of which codecs know a lot."""
    name = label.strip().lower()
    if not _PAGE_CHARSET.fullmatch(name):
        return None
    try:
        return codecs.lookup(_BROADER.get(name, name)).name
    except LookupError:
        return None


def _title(page: JustHTML) -> str:
    for node in page.query("head title"):
        return str(node.to_text()).strip()[:MOST_CHARACTERS]
    return ""


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str:
    return next((metas[name] for name in names if name in metas), "")


def _absolute(address: str, target: str) -> str:
    try:
        found = urljoin(address, target) if target else ""
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""
