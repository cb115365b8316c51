"""Prompt help by rules: what a prompt leaves open is said in words that fit what it shows. The same prompt gives the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Addition:
    """Words that were added, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Enhancement:
    """A prompt that says more, and what was added."""

    prompt: str
    additions: Sequence[Addition]


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One thing that a prompt may leave open: words by which it does not, what may be said by subject, and why it helps."""

    said_by: frozenset[str]
    offers: dict[str, tuple[str, ...]]
    reason: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUBJECTS = {
    "person": _words(
        "person woman man girl boy child portrait face queen king knight dancer sailor astronaut witch wizard people crowd"
    ),
    "creature": _words(
        "cat dog fox bird owl horse wolf bear fish whale dragon lion tiger rabbit deer elephant frog bee butterfly animal"
    ),
    "place": _words(
        "city street house village castle tower lighthouse bridge harbour harbor forest mountain mountains sea ocean lake"
        " river desert valley island beach sky field garden landscape coast cliff waterfall planet moon"
    ),
}
ASPECTS = (
    _Aspect(
        _words(
            "light lit lighting sunset sunrise dawn dusk night noon shadow shadows glow glowing moonlight sunlight backlit"
            " neon candle golden morning evening"
        ),
        {
            "person": ("soft window light", "warm light from one side"),
            "creature": ("early morning light", "soft light from behind"),
            "place": ("low golden light", "mist in the first light", "the blue light after sunset"),
            "thing": ("soft light from above", "one warm lamp"),
        },
        "It did not say where the light comes from, which decides the mood most.",
    ),
    _Aspect(
        _words(
            "closeup close wide view angle composition portrait panorama aerial macro centred centered framed foreground"
            " background above below distance"
        ),
        {
            "person": ("seen close, the background out of focus", "seen from the waist up"),
            "creature": ("seen close, at the height of its eyes", "small in a wide landscape"),
            "place": ("a wide view with something near in front", "seen from above"),
            "thing": ("in the middle, with room around it", "seen close, on a plain ground"),
        },
        "It did not say from where one looks.",
    ),
    _Aspect(
        _words(
            "photo photograph painting oil watercolour watercolor drawing sketch ink pencil pastel poster woodcut engraving"
            " cartoon anime pixel render collage mosaic gouache lithograph style vector"
        ),
        {
            "person": ("oil painting with visible strokes", "photograph on fine-grained film"),
            "creature": ("gouache on rough paper", "detailed ink drawing with a wash of colour"),
            "place": ("watercolour with clear edges", "screen print in few colours"),
            "thing": ("gouache on rough paper", "clean vector shapes"),
        },
        "It did not say what it is made with, so an engine takes what is most usual.",
    ),
    _Aspect(
        _words(
            "colour color colours colors red orange yellow green blue purple pink black white grey gray pale vivid muted"
            " monochrome palette pastel teal gold silver"
        ),
        {
            "person": ("muted colours with one bright accent",),
            "creature": ("warm browns against cool greens", "a few strong colours"),
            "place": ("deep blues and warm orange", "pale colours that fade with the distance"),
            "thing": ("three colours that go together",),
        },
        "It named no colours; few that belong together look made on purpose.",
    ),
)
IDEAS = (
    "a lighthouse in a storm",
    "a fox asleep in autumn leaves",
    "a greenhouse at night, lit from within",
    "a map of a city that does not exist",
    "an owl that reads by candlelight",
    "a small boat on a very still lake",
    "paper mountains under a paper moon",
    "a market street after rain",
    "a whale above the clouds",
    "a teapot in the shape of a castle",
    "portrait of a clockmaker",
    "a garden on the roof of a train",
)
MOST_SUGGESTIONS = 8


def enhanced(prompt: str) -> Enhancement:
    """The prompt with what it left open said in a few words, and what was added and why; nothing where all was said."""
    said = {word.lower() for word in _WORD.findall(prompt)}
    subject = next((name for name, words in SUBJECTS.items() if said & words), "thing")
    chance = hashlib.sha256(" ".join(sorted(said)).encode()).digest()
    added = []
    for at, aspect in enumerate(ASPECTS):
        own = (offer for offers in aspect.offers.values() for offer in offers)
        if not said & aspect.said_by and not any(offer in prompt for offer in own):
            offers = aspect.offers[subject]
            added.append(Addition(offers[chance[at] % len(offers)], aspect.reason))
    if not added:
        return Enhancement(prompt, ())
    return Enhancement(", ".join([prompt.rstrip(" .,;"), *(one.text for one in added)]), added)


def ideas(begun: str) -> list[str]:
    """Ideas of the house in which every word that was begun stands at the beginning of a word."""
    words = begun.lower().split()
    return [idea for idea in IDEAS if all(any(own.startswith(word) for own in idea.lower().split()) for word in words)]
