"""Where and when a scene is when the prompt does not say: guessed from what stands in it, else chosen by the seed."""

from __future__ import annotations

from random import Random

from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reading import Reading

HOMES: dict[str, str] = {  # figure → setting it suggests
    **dict.fromkeys(
        ("astronaut", "woman-astronaut", "rocket", "planet", "earth", "satellite", "flying-saucer"), "space"
    ),
    **dict.fromkeys(("camel", "two-hump-camel", "cactus", "pyramid", "scorpion"), "desert"),
    **dict.fromkeys(
        ("polar-bear", "penguin", "igloo", "sled", "seal", "snowman-without-snow", "skier", "snowboarder"), "snowfield"
    ),
    **dict.fromkeys(
        ("owl", "bear", "wolf", "deer", "moose", "hedgehog", "raccoon", "chipmunk", "mushroom", "boar"), "forest"
    ),
    **dict.fromkeys(("gorilla", "orangutan", "sloth", "monkey", "parrot", "tiger", "panda"), "forest"),
    **dict.fromkeys(
        ("taxi", "bus", "police-car", "office-building", "ambulance", "fire-engine", "metro", "lamp-post"), "city"
    ),
    **dict.fromkeys(
        ("jellyfish", "octopus", "squid", "tropical-fish", "blowfish", "coral", "submarine", "fish"), "underwater"
    ),
    **dict.fromkeys(("shark", "woman-merpeople", "man-merpeople", "lobster", "shrimp"), "underwater"),
    **dict.fromkeys(
        ("lighthouse", "crab", "palm-tree", "desert-island", "umbrella-on-ground", "anchor", "spiral-shell"), "sea"
    ),
    **dict.fromkeys(("swan", "duck", "frog", "lotus", "goose", "flamingo", "beaver", "otter", "bridge"), "lake"),
    **dict.fromkeys(("goat", "eagle", "snow-leopard", "person-climbing", "llama", "ram"), "mountains"),
    **dict.fromkeys(("elephant", "giraffe", "zebra", "lion", "rhinoceros", "leopard"), "desert"),
    **dict.fromkeys(
        ("bed", "couch-and-lamp", "television", "piano", "bathtub", "desktop-computer", "laptop", "toilet"), "room"
    ),
    **dict.fromkeys(
        ("birthday-cake", "hot-beverage", "teapot", "candle", "books", "chess-pawn", "table", "crystal-ball"), "room"
    ),
    **dict.fromkeys(("airplane", "hot-air-balloon", "airship", "parachute", "phoenix-bird"), "sky"),
    **dict.fromkeys(
        ("house", "windmill", "cow", "ewe", "tractor", "horse", "pig", "rooster", "sunflower", "kite"), "meadow"
    ),
}
WATER = ("sea", "lake", "underwater")
OPEN = ("meadow", "mountains", "lake", "meadow")


def setting_of(reading: Reading, random: Random) -> str:
    """The setting of the scene: what the prompt says, else the home of most of its subjects, else the seed's choice."""
    figures = [entries()[subject.figure] for subject in reading.subjects]
    chance = random.choice(OPEN)
    if reading.setting is not None:
        submerged = figures and all(entry.zone == "swim" for entry in figures if entry.zone != "sky")
        surface = {"spouting-whale", "whale", "dolphin", "seal", "crab"}
        named = {entry.figure for entry in figures}
        aloft = any(subject.aloft for subject in reading.subjects)
        if reading.setting in ("sea", "lake") and submerged and not named & surface and not aloft:
            return "underwater"
        return reading.setting
    votes: dict[str, float] = {}
    for place, (subject, entry) in enumerate(zip(reading.subjects, figures, strict=True)):
        home = HOMES.get(entry.figure)
        if home is None and entry.zone == "float":
            home = "sea"
        if home is None and entry.zone == "swim":
            home = "sea"
        weight = 1.0 / (1 + 0.3 * place)
        if home is None and entry.group in ("food", "things"):
            home = "room"
            if any(other.group not in ("food", "things", "sky") for other in figures):
                weight *= 0.25  # a kettle next to an elephant does not make it a room
        if home is not None and not (subject.aloft and home in WATER):
            votes[home] = votes.get(home, 0.0) + weight
    if any(entry.zone == "float" for entry in figures) and "underwater" in votes:
        votes["sea"] = votes.pop("underwater") + votes.get("sea", 0.0)
    grounded = any(entry.zone in ("building", "land", "plant") and entry.group != "people" for entry in figures)
    if votes.get("sky") and grounded:
        del votes["sky"]
    if not votes or max(votes.values()) < 0.3:
        return chance
    return max(votes, key=lambda home: (votes[home], home))


def time_of(reading: Reading, setting: str, random: Random) -> str:
    """The time of day: the prompt's word, else what moon, stars and weather suggest, else the seed's choice."""
    chance = random.choice(("day", "day", "day", "dawn", "sunset"))
    named = {subject.figure for subject in reading.subjects}
    if reading.time is not None:
        return reading.time
    if reading.stars or named & {"moon", "crescent", "star", "comet"} or reading.weather == "aurora":
        return "night"
    if reading.tone in ("spooky", "neon"):
        return "night"
    if "sun" in named or reading.tone == "dreamy":
        return "dawn" if chance == "dawn" else "day"
    if reading.weather in ("storm", "rain", "fog", "snow") or setting in ("room", "underwater"):
        return "day"
    return chance
