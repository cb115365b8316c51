"""A scene in words: alternative text for those who do not see it, and the facts of how it was made."""

from __future__ import annotations

from generation.engines.atelier.memory import remembered
from generation.engines.atelier.scene import Scene, Standing
from generation.engines.atelier.style import MANNERED, STYLES, halved
from generation.engines.atelier.terms import ALWAYS_PLURAL, PLURALS, UNCHANGED

METHOD_ENLARGED = "vector scene, neural style transfer, upscaling; not diffusion"
METHOD_PAINTED = "vector scene, neural style transfer; not diffusion"
METHOD_DRAWN = "vector scene, drawn by rules; not diffusion"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PLACES: dict[str, str] = {
    "forest": "in a forest", "sea": "by the sea", "lake": "by a lake", "desert": "in a desert", "city": "in a city",
    "mountains": "in the mountains", "space": "in space", "lunar": "on the moon", "underwater": "under water", "meadow": "in a meadow",
    "room": "in a room", "sky": "above the clouds", "snowfield": "in a snowy land",
}  # fmt: skip
TIMES: dict[str, str] = {"night": "at night", "sunset": "at sunset", "dusk": "at dusk", "dawn": "at dawn", "day": ""}
WEATHERS: dict[str, str] = {
    "storm": "in a storm", "rain": "in the rain", "snow": "in falling snow", "fog": "in fog", "clouds": "under clouds",
    "aurora": "under northern lights",
}  # fmt: skip
OVERHEAD = frozenset({"moon", "crescent", "sun", "rainbow"})
LINKS: dict[str, str] = {
    "on": "on", "riding": "riding", "under": "under", "behind": "behind", "before": "in front of", "above": "above", "near": "next to",
    "with": "with", "in": "in", "wearing": "wearing", "holding": "holding", "chasing": "chasing",
}  # fmt: skip
MAX_ALT_TEXT = 900  # characters
IRREGULAR = {singular: plural for plural, singular in PLURALS.items() if plural not in ("fishes", "octopi")}


def plural(word: str) -> str:
    """The plural of an English noun, of its last word if there are several."""
    *first, last = word.split(" ")
    if last in ALWAYS_PLURAL or last in UNCHANGED - {"bus", "compass", "circus", "lotus", "dress", "glass", "hibiscus"}:
        many = last
    elif last in IRREGULAR:
        many = IRREGULAR[last]
    elif last.endswith(("s", "x", "ch", "sh", "z")):
        many = last + "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = last[:-1] + "ies"
    elif last.endswith(("wolf", "leaf", "elf", "loaf")):
        many = last[:-1] + "ves"
    else:
        many = last + "s"
    return " ".join([*first, many])


def counted(subject: Standing) -> str:
    """ "a red fox", "three owls"."""
    colour = f"{subject.colour} " if subject.colour else ""
    if subject.count == 1:
        name = subject.said if subject.said not in ALWAYS_PLURAL else "person"
        word = f"{colour}{name}"
        if subject.figure in OVERHEAD or (name.endswith("s") and name in UNCHANGED):
            return f"the {word}" if subject.figure in OVERHEAD else word
        return f"{'an' if word[:1] in 'aeiou' and not word.startswith(('uni', 'uf', 'eu')) else 'a'} {word}"
    amount = NUMBERS[subject.count] if subject.count < len(NUMBERS) else str(subject.count)
    return f"{amount} {colour}{plural(subject.said)}"


def listed(items: list[str]) -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def alt_text(scene: Scene) -> str:
    """A sentence on what is to be seen, from the scene itself."""
    standing = scene.subjects
    whole = {
        index: subject for index, subject in zip(sorted({node.subject for node in scene.nodes}), standing, strict=True)
    }
    overhead = [counted(subject) for subject in standing if subject.figure in OVERHEAD]
    told: set[int] = set()
    phrases = []
    for kind, one, other in scene.links:
        if (
            one in whole
            and other in whole
            and not {one, other} & told
            and whole[other].figure not in OVERHEAD
            and whole[one].figure not in OVERHEAD
        ):
            phrases.append((one, f"{counted(whole[one])} {LINKS[kind]} {counted(whole[other])}"))
            told |= {one, other}
    phrases += [
        (index, counted(subject))
        for index, subject in whole.items()
        if index not in told and subject.figure not in OVERHEAD
    ]
    parts = [listed([phrase for _, phrase in sorted(phrases)])] if phrases else ["A wide view"]
    if scene.transparent:
        parts.append("on a transparent ground")
        if overhead:
            parts.append(f"with {listed(overhead)}")
    else:
        parts += [PLACES[scene.setting], TIMES[scene.time] if scene.setting not in ("space", "lunar") else ""]
        parts.append(WEATHERS.get(scene.weather or "", ""))
        parts.append(f"in {scene.season}" if scene.season else "")
    text = " ".join(part for part in parts if part)
    if overhead and not scene.transparent:
        text += f", under {listed(overhead)}"
    text = f"{text}, {(MANNERED if scene.code else STYLES[scene.style]).phrase}."
    return (text[0].upper() + text[1:])[:MAX_ALT_TEXT]


def facts(scene: Scene) -> dict[str, object]:
    """How the picture came about, JSON-able."""
    style = MANNERED if scene.code else STYLES[scene.style]
    painted = METHOD_ENLARGED if halved(style, scene.width, scene.height) else METHOD_PAINTED
    return {
        "engine": "atelier",
        "method": painted if style.weights else METHOD_DRAWN,
        "scene": {
            "subjects": [
                {
                    "name": subject.name,
                    "said": subject.said,
                    "count": subject.count,
                    "asked": subject.asked,
                    "colour": subject.colour,
                }
                for subject in scene.subjects
            ],
            "setting": scene.setting,
            "time": scene.time,
            "mood": list(scene.mood),
        },
        "graph": remembered(scene),
        "style": None if scene.code else scene.style,
        "style_code": scene.code or None,
        "seed": scene.seed,
        "background": "transparent" if scene.transparent else "opaque",
        "unread": list(scene.unread),
    }
