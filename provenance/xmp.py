"""XMP in PNG, JPEG and WebP: put in without touching a pixel, and found again.

It carries what IPTC asks for (`Iptc4xmpExt:DigitalSourceType`, Photo Metadata 2025.1), which many readers know that know no
C2PA. It is written before signing: a byte put in afterwards would break the signature.

PNG: chunk `iTXt` with keyword `XML:com.adobe.xmp`. JPEG: segment APP1 that begins with `http://ns.adobe.com/xap/1.0/`.
WebP: chunk `XMP ` at the end, with its flag in `VP8X`, which is added to a simple file (container specification, RFC 9649).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEYWORD = b"XML:com.adobe.xmp"
JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
JPEG_LONGEST_SEGMENT = 65_533 - len(JPEG_HEADER)
LONGEST_PACKET_BYTES = 60_000
LONGEST_READ_BYTES = 1_000_000  # of one packet in the file of a stranger
ALPHA_FLAG, XMP_FLAG = 0x10, 0x04
_SOURCE_TYPE = re.compile(
    r"DigitalSourceType(?:\s*=\s*[\"']|>\s*)(?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/)([A-Za-z]{1,60})"
)


class NoPlace(Exception):
    """The bytes are no PNG, JPEG or WebP file that could take a packet."""


def packet(source_type: str, tool: str, credit: str, description: str = "") -> bytes:
    """A packet that says how a picture came to be: an IPTC digital source type (its last word), the tool, whom to credit."""
    about = (
        f'\n   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{_text(description)}</rdf:li></rdf:Alt></dc:description>'
        if description
        else ""
    )
    told = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        f"   Iptc4xmpExt:DigitalSourceType={quoteattr(SOURCE_TYPES + source_type)}\n"
        f"   xmp:CreatorTool={quoteattr(tool)} photoshop:Credit={quoteattr(credit)}>{about}\n"
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()
    if len(told) > LONGEST_PACKET_BYTES:
        raise ValueError("The packet is too long for a JPEG segment.")
    return told


def put_in(picture: bytes, told: bytes) -> bytes:
    """The same picture with the packet in the place of any it had. Raises NoPlace."""
    try:
        if picture.startswith(PNG_SIGNATURE):
            return _into_png(picture, told)
        if picture.startswith(b"\xff\xd8"):
            return _into_jpeg(picture, told)
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return _into_webp(picture, told)
    except (struct.error, IndexError, ValueError) as error:
        raise NoPlace("The file ends in the middle of a part.") from error
    raise NoPlace("The file is no PNG, JPEG or WebP picture.")


def found_in(picture: bytes) -> bytes | None:
    """The packet in a file, None where there is none that can be read. Never raises, whatever the bytes."""
    try:
        if picture.startswith(PNG_SIGNATURE):
            return next(
                (
                    _png_text(body)
                    for kind, body, _ in chunks(picture)
                    if kind == b"iTXt" and body.startswith(PNG_KEYWORD + b"\0")
                ),
                None,
            )
        if picture.startswith(b"\xff\xd8"):
            return next(
                (
                    body[len(JPEG_HEADER) :]
                    for marker, body, _, _ in segments(picture)
                    if marker == 0xE1 and body.startswith(JPEG_HEADER)
                ),
                None,
            )
        if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
            return next((body for kind, body in riff(picture) if kind == b"XMP "), None)
    except (struct.error, IndexError, ValueError, zlib.error):
        return None
    return None


def source_type_of(picture: bytes) -> str | None:
    """The IPTC digital source type a file declares (its last word, such as `trainedAlgorithmicMedia`), None without one."""
    told = found_in(picture)
    if told is None or len(told) > LONGEST_READ_BYTES:
        return None
    found = _SOURCE_TYPE.search(told.decode("utf-8", "replace"))
    return found[1] if found else None


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def chunks(picture: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, body and whole of each chunk of a PNG file."""
    at = len(PNG_SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        end = at + 12 + length
        if end > len(picture):
            raise ValueError("a chunk ends after the file")
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length], picture[at:end]
        at = end


def _png_text(body: bytes) -> bytes:
    flags = len(PNG_KEYWORD) + 1
    compressed = body[flags] == 1
    rest = body[flags + 2 :]
    _language, _, rest = rest.partition(b"\0")
    _keyword, _, text = rest.partition(b"\0")
    return zlib.decompressobj().decompress(text, LONGEST_READ_BYTES) if compressed else text


def _into_png(picture: bytes, told: bytes) -> bytes:
    body = PNG_KEYWORD + b"\0\0\0\0\0" + told
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    parts = [PNG_SIGNATURE]
    for kind, old, whole in chunks(picture):
        if kind == b"iTXt" and old.startswith(PNG_KEYWORD + b"\0"):
            continue
        parts.append(whole)
        if kind == b"IHDR":
            parts.append(chunk)
    return b"".join(parts)


def segments(picture: bytes) -> Iterator[tuple[int, bytes, int, int]]:
    """Marker, body, start and end of each segment before the picture itself in a JPEG file."""
    at = 2
    while at < len(picture):
        if picture[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = picture[at + 1]
        if marker == 0xFF:  # a filler before the marker
            at += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        (length,) = struct.unpack_from(">H", picture, at + 2)
        if length < 2 or at + 2 + length > len(picture):
            raise ValueError("a segment ends after the file")
        yield marker, picture[at + 4 : at + 2 + length], at, at + 2 + length
        at += 2 + length


def _into_jpeg(picture: bytes, told: bytes) -> bytes:
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(JPEG_HEADER) + len(told)) + JPEG_HEADER + told
    old = [
        (start, end)
        for marker, body, start, end in segments(picture)
        if marker == 0xE1 and body.startswith(JPEG_HEADER)
    ]
    for start, end in reversed(old):
        picture = picture[:start] + picture[end:]
    # JFIF must be first where it is.
    at = next((end for marker, _, start, end in segments(picture) if marker == 0xE0 and start == 2), 2)
    return picture[:at] + segment + picture[at:]


def riff(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk of a WebP file."""
    (size,) = struct.unpack_from("<I", picture, 4)
    end = 8 + size
    if end > len(picture):
        raise ValueError("the file is shorter than it says")
    at = 12
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", picture, at + 4)
        if at + 8 + length > end:
            raise ValueError("a chunk ends after the file")
        yield picture[at : at + 4], picture[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def _into_webp(picture: bytes, told: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in riff(picture) if kind != b"XMP "]
    kind, first = chunks[0]
    if kind == b"VP8X":
        chunks[0] = (kind, bytes([first[0] | XMP_FLAG]) + first[1:])
    else:
        width, height, alpha = _webp_sides(kind, first)
        flags = XMP_FLAG | (ALPHA_FLAG if alpha else 0)
        body = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks.insert(0, (b"VP8X", body))
    chunks.append((b"XMP ", told))
    written = b"".join(
        name + struct.pack("<I", len(body)) + body + (b"\0" if len(body) & 1 else b"") for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(written)) + b"WEBP" + written


def _webp_sides(kind: bytes, body: bytes) -> tuple[int, int, bool]:
    """Width, height and whether there is alpha, from the frame of a simple WebP file."""
    if kind == b"VP8 ":
        if body[3:6] != b"\x9d\x01\x2a":
            raise ValueError("no key frame")
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF, False
    if kind == b"VP8L":
        if body[0] != 0x2F:
            raise ValueError("no lossless frame")
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    raise ValueError("an unknown kind of WebP")
