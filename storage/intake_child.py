"""The child process that decodes one picture and dies. Run as a program by `storage/intake.py`; imports nothing of ours.

It reads a picture and the tile of an invisible mark from its standard input (of each 8 bytes of length, then the bytes; no tile:
no mark) and writes one line of JSON and then the pictures that line announces. It is given no environment, so it knows no secret, and is held by limits of the kernel:
address space, processor time, no core, no writing to files; it is killed when its parent goes. Each picture gets a new
child, so a decoder that was taken over by one picture never sees another.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import struct
import sys
import warnings

import blurhash
from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageMath, TiffImagePlugin, UnidentifiedImageError

PIXELS_MAX = 40_000_000
SIDE_MAX = 16_384
ORIGINAL_SIDE_MAX = 4_096
PNG_PIXELS_MAX = 2_048 * 2_048
PNG_BYTES_MAX = LOSSLESS_BYTES_MAX = 16 * 1024 * 1024
LOSSLESS_PIXELS_MAX = 2 * PNG_PIXELS_MAX  # more need more memory than a child has
WEBP_CHUNKS_READ = 16
SIDES = {"large": 2_048, "medium": 960, "small": 320}  # longest side in pixels; each is made from the one before
BLURHASH_SIDE = 64
BLURHASH_COMPONENTS = (4, 3)
GRID_SIDE = 512  # longest side of the luma that hash and mark are read from (provenance/)
TILE_SIDE = 128
TILE_BYTES = TILE_SIDE * TILE_SIDE * 4
MARKED_SIDE_MIN = 200  # a smaller picture would not keep its mark, and is left alone
# Levels of grey by which a mark moves a pixel, root mean square: where nothing happens, more per level by which a pixel stands
# out from those around it, at most. By measurement (docs/provenance.md): less is lost in flat pictures, more is seen in them.
CALM, PER_BUSY_LEVEL, BUSIEST = 1.3, 0.06, 2.2
STRENGTH_UNIT = 0.01
QUALITY = 90
DERIVATIVE_QUALITY = 82
WEBP_METHOD = 2  # half the time of 4 for 3 % more bytes
WEBP_OUT_OF_MEMORY = "encoding error 1"  # libwebp's VP8_ENC_ERROR_OUT_OF_MEMORY, as Pillow passes it on
PNG_COMPRESS_LEVEL = 4
MIME_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LUMA_ALONE = "?"
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
NICE = 5  # requests go first


class Refused(Exception):
    """The picture is not taken; `word` says why (`storage/intake.py` has the sentences), `found` what type it is."""

    def __init__(self, word: str, found: str = "") -> None:
        super().__init__(word)
        self.word = word
        self.found = found


def take(data: bytes, declared: str) -> tuple[dict[str, str | int], dict[str, bytes]]:
    """What `written` gives of what `opened` gives."""
    image, found = opened(data, declared)
    return written(image, found, lossless=_lossless(data))


def opened(data: bytes, declared: str, tile: bytes = b"") -> tuple[Image.Image, str]:
    """The first frame, upright, in sRGB, as RGB or RGBA, at most 4,096 a side, marked with the tile; and its type.

    An empty `declared` means that nothing was said. Raises Refused, or whatever Pillow does.
    """
    image, found, profile, turn = _read(data, declared)
    image = _srgb(image, profile)
    if turn is not None:
        image = image.transpose(turn)
    # Pillow writes back what it finds in here of its own accord: profile, comment, transparency.
    image.info.clear()
    return (marked(image, tile) if tile and max(image.size) >= MARKED_SIDE_MIN else image), found


def written(
    image: Image.Image, found: str, *, lossless: bool, tile: bytes = b""
) -> tuple[dict[str, str | int], dict[str, bytes]]:
    """Facts about the picture, and the pictures to keep: `original`, `large`, `medium`, `small`.

    The original has at most 4,096 pixels a side. JPEG stays JPEG (quality 90). PNG stays PNG when it is see-through or
    at most 2,048² pixels, and otherwise becomes JPEG; a PNG above 16 MiB becomes WebP. WebP stays WebP: without loss if it
    came so, has at most 4,096 × 2,048 pixels and stays below 16 MiB, else at quality 90. The others are WebP and never
    enlarged. Only pixels are kept, and nothing that stood beside them in the file. The mark that is in the picture is laid on
    the small one again, which would lose it otherwise.
    """
    original, mime_type = _original(image, found, lossless=lossless)
    pictures = {"original": original}
    step = image
    for name, side in SIDES.items():
        large, step = step, _fitted(step, side)
        if tile and name == "small" and step is not large:
            step = marked(step, tile)
        pictures[name] = _encoded(step, "image/webp", DERIVATIVE_QUALITY)
    facts: dict[str, str | int] = {"mime_type": mime_type, "width": image.width, "height": image.height}
    return facts | _looks(step), pictures


def marked(image: Image.Image, tile: bytes) -> Image.Image:
    """The picture with the mark laid on: the tile repeated over the grid, stronger where much happens. Alpha, and the colour
    of what is wholly see-through, stay as they are."""
    ground = luma_of(image)
    busy = ImageChops.difference(ground, ground.filter(ImageFilter.BoxBlur(2))).filter(ImageFilter.BoxBlur(3))
    levels = [min(CALM + PER_BUSY_LEVEL * level, BUSIEST) for level in range(256)]
    strength = busy.point([round(level / STRENGTH_UNIT) for level in levels])
    one, pattern = Image.frombytes("F", (TILE_SIDE, TILE_SIDE), tile), Image.new("F", ground.size)
    for top in range(0, ground.height, TILE_SIDE):
        for left in range(0, ground.width, TILE_SIDE):
            pattern.paste(one, (left, top))
    shift = ImageMath.lambda_eval(
        lambda of: of["pattern"] * of["strength"] * STRENGTH_UNIT, pattern=pattern, strength=strength
    )
    # A byte cannot be negative: the shift is kept 128 higher, and half a level for rounding.
    whole = shift.resize(image.size, Image.Resampling.BICUBIC).point(lambda level: level * 1 + 128.5).convert("L")
    moved = ImageChops.add(image.convert("RGB"), Image.merge("RGB", (whole, whole, whole)), 1, -128)
    if image.mode != "RGBA":
        return moved
    alpha = image.getchannel("A")
    moved.putalpha(alpha)
    return Image.composite(moved, image, alpha.point([0] + [255] * 255))


def luma_of(image: Image.Image) -> Image.Image:
    """The picture on the grid, in grey, on white where it is see-through: what hash and mark are read from."""
    scale = GRID_SIDE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if image.mode == "RGBA":
        small = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", size, "white"), small).convert("L")
    return image.convert("L").resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _read(data: bytes, declared: str) -> tuple[Image.Image, str, object, Image.Transpose | None]:
    """The picture as L, RGB, CMYK or (only if something is see-through) RGBA, at most 4,096 a side; type, profile, turn.

    One function, so that each stage is let go of when the next stands: 40 million pixels are 160 MB each time.
    """
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
    except UnidentifiedImageError as error:
        raise Refused("not_a_picture") from error
    found = MIME_TYPES[image.format or ""]
    if declared and declared != found:
        raise Refused("other_type", found)
    if image.width * image.height > PIXELS_MAX or max(image.size) > SIDE_MAX:
        raise Refused("too_many_pixels")
    image.load()
    profile, turn = image.info.get("icc_profile"), _turn(image)
    if image.mode.startswith("I"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")  # convert alone cuts off above 255
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        if image.mode != "RGBA":
            image = image.convert("RGBA")
        opaque = image.getchannel("A").getextrema() == (255, 255)
        if opaque:
            image = image.convert("RGB")
        elif max(image.size) > ORIGINAL_SIDE_MAX:  # shrinks premultiplied; else left alone, since that rounds colours
            image = image.convert("RGBa")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    image = _fitted(image, ORIGINAL_SIDE_MAX)
    return image.convert("RGBA") if image.mode == "RGBa" else image, found, profile, turn


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn it upright; metadata that cannot be read turns nothing."""
    try:
        orientation = image.getexif().get(ORIENTATION_TAG)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OSError, OverflowError, struct.error):
        return None
    return TURNS.get(orientation) if isinstance(orientation, int) else None


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """As RGB or RGBA in sRGB; a profile that cannot be used is passed over."""
    plain = image if image.mode == "RGBA" else image.convert("RGB")
    if not isinstance(profile, bytes) or not profile:
        return plain
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        source = image.convert("RGB") if image.mode == "RGBA" else image
        turned = ImageCms.profileToProfile(source, found, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return plain
    if turned is None:
        return plain
    if image.mode == "RGBA":
        turned.putalpha(image.getchannel("A"))
    return turned


def _fitted(image: Image.Image, side: int) -> Image.Image:
    """At most `side` pixels on the longest side; a smaller one comes back as it is."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _lossless(data: bytes) -> bool:
    """Whether a WebP file says that it holds its picture without loss."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return False
    at = 12
    for _ in range(WEBP_CHUNKS_READ):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in (b"VP8L", b"VP8 ") or len(name) < 4:
            return name == b"VP8L"
        at += 8 + size + size % 2
    return False


def _original(image: Image.Image, found: str, *, lossless: bool) -> tuple[bytes, str]:
    see_through = image.mode == "RGBA"
    if found == "image/webp" and lossless and image.width * image.height <= LOSSLESS_PIXELS_MAX:
        stream = io.BytesIO()
        # Masks are promised to the pixel, also where it is transparent. The least effort takes 15 % more bytes.
        image.save(stream, "WEBP", lossless=True, exact=True, method=0)
        if stream.tell() <= LOSSLESS_BYTES_MAX:
            return stream.getvalue(), found
    if found == "image/png" and (see_through or image.width * image.height <= PNG_PIXELS_MAX):
        encoded = _encoded(image, found, QUALITY)
        if len(encoded) <= PNG_BYTES_MAX:
            return encoded, found
        found = "image/webp"
    mime_type = "image/webp" if see_through or found == "image/webp" else "image/jpeg"
    return _encoded(image, mime_type, QUALITY), mime_type


def _encoded(image: Image.Image, mime_type: str, quality: int) -> bytes:
    stream = io.BytesIO()
    if mime_type == "image/png":
        image.save(stream, "PNG", compress_level=PNG_COMPRESS_LEVEL)
    elif mime_type == "image/jpeg":
        image.save(stream, "JPEG", quality=quality, progressive=True)
    else:
        try:
            image.save(stream, "WEBP", quality=quality, method=WEBP_METHOD)
        except ValueError as error:
            if str(error) == WEBP_OUT_OF_MEMORY:
                raise MemoryError from error
            raise
    return stream.getvalue()


def _looks(image: Image.Image) -> dict[str, str | int]:
    """The blurhash and the mean colour (`#rrggbb`), what is see-through shown on white."""
    tiny = _fitted(image, BLURHASH_SIDE)
    if tiny.mode == "RGBA":
        tiny = Image.alpha_composite(Image.new("RGBA", tiny.size, "white"), tiny).convert("RGB")
    red, green, blue = tiny.resize((1, 1), Image.Resampling.BOX).tobytes()
    with warnings.catch_warnings():
        # blurhash-python 1.2.2 asks for the pixels in a way that Pillow gives up in version 14.
        warnings.simplefilter("ignore", DeprecationWarning)
        # It also closes the picture it is given.
        hashed = blurhash.encode(tiny.copy(), *BLURHASH_COMPONENTS)
    return {"blurhash": hashed, "colour": f"#{red:02x}{green:02x}{blue:02x}"}


def _confine(parent: int, memory_bytes: int, cpu_seconds: int) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)  # it went before we asked to go with it
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICE)


def _received() -> bytes:
    """The next length-prefixed bytes; the end of this process when the parent has changed its mind."""
    head = sys.stdin.buffer.read(8)
    data = sys.stdin.buffer.read(int.from_bytes(head, "big"))
    if len(head) < 8 or len(data) < int.from_bytes(head, "big"):
        sys.exit(0)
    return data


def main(parent: int, memory_bytes: int, cpu_seconds: int, declared: str) -> None:
    """Answer one picture: `{"refused": word, "found": type, "cause": …}`, or the facts with `sizes` in bytes, in order; the
    last is `luma`, on the grid, a byte a pixel. Where `declared` is `?`, nothing is said and the luma alone is wanted."""
    _confine(parent, memory_bytes, cpu_seconds)
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # _read() has a stricter bound, and a sentence for it
    assert TiffImagePlugin  # Pillow reads EXIF with it and would look for it late
    warnings.simplefilter("ignore")  # nobody reads them here; the tests call take() with warnings as errors
    data, tile = _received(), _received()
    pictures: dict[str, bytes] = {}
    answer: dict[str, object] = {}
    try:
        image, found = opened(data, "" if declared == LUMA_ALONE else declared, tile)
        luma = luma_of(image)
        if declared != LUMA_ALONE:
            facts, pictures = written(image, found, lossless=_lossless(data), tile=tile)
            answer = dict(facts)
        else:
            answer = {"mime_type": found, "width": image.width, "height": image.height}
        pictures["luma"] = luma.tobytes()
        answer |= {"luma": luma.size, "sizes": {name: len(picture) for name, picture in pictures.items()}}
    except Refused as refused:
        answer = {"refused": refused.word, "found": refused.found, "cause": ""}
    except Exception as error:  # whatever the bytes provoke in a decoder is the picture's fault
        word = "memory" if isinstance(error, MemoryError) else "corrupt"
        answer = {"refused": word, "found": "", "cause": type(error).__name__}
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    for picture in pictures.values():
        out.write(picture)
    out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
