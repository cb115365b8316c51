"""The cast: who lives in a freshly seeded Fresque, whom they follow, and what they say and make."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "paint the town"  # noqa: S105  # of seeded people, on embedded servers alone


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast. `portrait` is what their picture is made from."""

    handle: str
    name: str
    bio: str
    location: str
    portrait: str
    follows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Something somebody posts, in order. `prompt` and `style` make its picture; `answers` and `quotes` name an earlier
    line by its key; `likes` and `reposts` say who does so afterwards."""

    key: str
    author: str
    text: str
    prompt: str = ""
    style: str = ""
    size: tuple[int, int] = (1024, 1024)
    answers: str = ""
    quotes: str = ""
    likes: tuple[str, ...] = ()
    reposts: tuple[str, ...] = ()


CAST = (
    Member(
        "ada",
        "Ada Lindqvist",
        "I paint with sentences. Foxes, mostly. 🦊",
        "Uppsala",
        "a fox",
        ("bo", "cleo", "dimitri"),
    ),
    Member(
        "bo",
        "Bo Zhang",
        "Night walks, long exposures, short prompts.",
        "Chengdu",
        "an owl at night",
        ("ada", "cleo", "emeka"),
    ),
    Member(
        "cleo",
        "Cléo Marchand",
        "Aquarelles de bord de mer, faites sans eau.",
        "Saint-Malo",
        "a sailboat on the sea",
        ("ada", "farah"),
    ),
    Member(
        "dimitri",
        "Dimitri K.",
        "Robots deserve landscapes too.",
        "Thessaloniki",
        "a robot",
        ("ada", "bo", "cleo", "emeka", "farah"),
    ),
    Member("emeka", "Emeka Obi", "Space, but cosy.", "Enugu", "a rocket in space", ("ada", "dimitri")),
    Member(
        "farah",
        "Farah Nasser",
        "Gardens, cats, and cats in gardens.",
        "Beirut",
        "a cat in a meadow",
        ("cleo", "ada", "bo"),
    ),
)

LINES = (
    Line(
        "fox",
        "ada",
        "The two of them have been arguing about the moon for an hour. #foxes",
        "a fox and an owl in a forest under the moon at night",
        "watercolour",
        likes=("bo", "cleo", "dimitri", "farah"),
        reposts=("dimitri",),
    ),
    Line("fox-answer", "bo", "The owl is winning. The owl always wins.", answers="fox", likes=("ada", "farah")),
    Line(
        "harbour",
        "cleo",
        "Deux voiliers, une baleine, et personne n'est pressé. #mer",
        "a whale and two sailboats on the sea at sunset",
        size=(1280, 832),
        likes=("ada", "farah", "emeka"),
        reposts=("ada",),
    ),
    Line("harbour-answer", "farah", "@cleo the light on that water 😍", answers="harbour", likes=("cleo",)),
    Line(
        "robot",
        "dimitri",
        "Nobody told the robot it was autumn. It noticed by itself. #robots",
        "a robot and a cat near a house in autumn",
        likes=("ada", "emeka"),
    ),
    Line("robot-quote", "emeka", "This is the sequel I wanted.", quotes="robot", likes=("dimitri",)),
    Line(
        "rocket",
        "emeka",
        "Left the window open, a planet got in. #space",
        "an astronaut and a rocket near a planet in space",
        size=(832, 1280),
        likes=("ada", "bo", "cleo", "dimitri", "farah"),
        reposts=("bo", "dimitri"),
    ),
    Line(
        "garden",
        "farah",
        "Three cats, one butterfly, no plan. #cats #gardens",
        "three cats and a butterfly in a meadow with flowers in the morning",
        likes=("cleo", "ada", "bo"),
    ),
    Line(
        "note",
        "bo",
        "You can do all of this with one GraphQL mutation, by the way: `generateImages`. The schema is at /schema.graphql",
    ),
    Line(
        "city",
        "bo",
        "Walked home the long way. #night",
        "a city with a tram at night in the rain",
        likes=("ada", "emeka", "farah"),
        reposts=("farah",),
    ),
)

LOGINS = [(member.handle, PASSWORD) for member in CAST]
