"""Rules for texts: which words, and which words together, are refused or make a person look. The rules are data (TOML).

Reading a text is pure and quick: its cost grows with the length of the text and not with the number of phrases.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from safety.spelling import Word, plain, words

RULES_FILE = Path(__file__).with_name("rules.toml")
MINOR_AGE = "@minor-age"
NAME = "@name"
GROWN_UP = 18  # years
MOST_FOUND = 200  # places of one list that are looked at together
_NUMBERS = {
    **{
        name: at
        for at, name in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    },
    **{name: at for at, name in enumerate(["thirteen", "fourteen", "fifteen", "sixteen", "seventeen"], 13)},
    **{
        name: at
        for at, name in enumerate(
            ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"],
            1,
        )
    },
    **{name: at for at, name in enumerate(["quatorze", "quinze", "seize"], 14)},
}
_YEARS = frozenset({"year", "years", "yr", "yrs", "y"})
_AT_ONCE = re.compile(r"(\d{1,2})(?:yo|yos|yr|yrold|yearold|y)")
_PARTS = re.compile(r"[^\W_]+\*?")
_NOT_AN_AGE = frozenset({"depuis", "dans", "pendant", "pour", "apres", "avant", "derniers"})
_ONE_NAME = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*[a-zß-ÿ][\w'’-]*"
_NAMES = re.compile(rf"(?<!\w){_ONE_NAME}(?:[ \t]+(?:(?:de|da|van|von|der|di|del|la|le)[ \t]+)?{_ONE_NAME})+")
_MAKERS = re.compile(
    r"\b(?:by|par|after|d['’]apr[eè]s|style of|manner of|style de|mani[eè]re de|artist|artiste)[\s:]*$", re.I
)
_MOST_CAPITALS = 0.5  # of the words of a text: above it capitals say nothing of names


class Action(Enum):
    """What follows from what was found."""

    BLOCK = "block"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Found:
    """What a text asks for that it may not, or not without a look: the category, what follows, and a sentence for people."""

    category: str
    action: Action
    message: str


@dataclass(frozen=True, slots=True)
class Category:
    """One thing that is looked for."""

    found: Found
    any: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    near: int


class BadRules(Exception):
    """A rule file that cannot be used; the message says why."""


class Phrases:
    """Phrases of one list, by the word they begin with."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.specials = frozenset(phrase for phrase in phrases if phrase.startswith("@"))
        self._by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._open: list[tuple[str, ...]] = []
        for phrase in phrases:
            if phrase in self.specials:
                continue
            parts = tuple(_PARTS.findall(plain(phrase)))
            if parts[0].endswith("*"):
                self._open.append(parts)
            else:
                self._by_first[parts[0]].append(parts)
        self._beginnings = tuple({parts[0][:-1] for parts in self._open})

    def places(self, text: Sequence[Word]) -> list[range]:
        """Where in a text one of the phrases stands."""
        found = []
        for at, word in enumerate(text):
            for reading in word.readings:
                tried = self._by_first.get(reading, ())
                if self._beginnings and reading.startswith(self._beginnings):
                    tried = [*tried, *self._open]
                found += [range(at, at + len(parts)) for parts in tried if _stands(parts, text, at, reading)]
        return found


def _stands(parts: Sequence[str], text: Sequence[Word], at: int, first: str) -> bool:
    if at + len(parts) > len(text) or not _is(parts[0], first):
        return False
    return all(any(_is(part, one) for one in text[at + more].readings) for more, part in enumerate(parts[1:], 1))


def _is(part: str, reading: str) -> bool:
    return reading.startswith(part[:-1]) if part.endswith("*") else reading == part


class Rules:
    """The rules of one file."""

    def __init__(self, categories: Sequence[Category], lists: Mapping[str, Phrases], ignored: Phrases) -> None:
        self._categories = sorted(categories, key=lambda one: one.found.action is not Action.BLOCK)
        self._lists = lists
        self._ignored = ignored

    def read(self, text: str) -> Found | None:
        """The first category that a text falls under, those that block first; None for a text that is fine."""
        if not text:
            return None
        said = words(text)
        passed = {at for place in self._ignored.places(said) for at in place}
        places = {
            name: [
                place
                for place in [*phrases.places(said), *_special(phrases.specials, text, said)]
                if passed.isdisjoint(place)
            ][:MOST_FOUND]
            for name, phrases in self._lists.items()
        }
        for category in self._categories:
            if any(places[name] for name in category.any):
                return category.found
            if any(_near([places[name] for name in names], category.near) for names in category.together):
                return category.found
        return None


def _near(lists: Sequence[Sequence[range]], near: int) -> bool:
    """Whether a place of each list stands within so many words of one of the first, and no word is both."""
    first, *others = lists
    return any(
        all(any(_apart(one, two) <= near for two in other if not set(one) & set(two)) for other in others)
        for one in first
    )


def _apart(one: range, two: range) -> int:
    return max(one.start - two.stop, two.start - one.stop, 0)


def _special(specials: frozenset[str], text: str, said: Sequence[Word]) -> list[range]:
    found = _ages(said) if MINOR_AGE in specials else []
    return found + (_names(text, said) if NAME in specials else [])


def _ages(said: Sequence[Word]) -> list[range]:
    """Where an age below 18 is told: "9 year old", "nine-years-old", "9yo", "9 y/o", "aged 9", "9 ans"."""
    found = []
    for at, word in enumerate(said):
        then = [one.text for one in said[at + 1 : at + 3]] + ["", ""]
        before = said[at - 1].text if at else ""
        if before == "a" and at > 1 and said[at - 2].text == "y":
            continue  # "il y a 10 ans" is no age
        if (joined := _AT_ONCE.fullmatch(word.text)) and int(joined[1]) < GROWN_UP:
            found.append(range(at, at + 1))
        years = _NUMBERS.get(word.text, int(word.text) if word.text.isdecimal() and len(word.text) < 3 else GROWN_UP)
        if years >= GROWN_UP:
            continue
        if (then[0] in _YEARS and then[1] in ("old", "o")) or then[0] in ("yo", "yos"):
            found.append(range(at, at + 2))
        elif before in ("aged", "age", "agee", "ages", "agees") or (then[0] == "ans" and before not in _NOT_AN_AGE):
            found.append(range(at, at + 1))
    return found


def _names(text: str, said: Sequence[Word]) -> list[range]:
    """Where somebody is named: two or more words in a row that begin with a capital, in a text that does not always do so."""
    folded = unicodedata.normalize("NFKC", text)
    written = folded.split()
    if sum(one[:1].isupper() for one in written) > max(3, len(written) * _MOST_CAPITALS):
        return []
    found: list[range] = []
    begin = read = 0
    for match in _NAMES.finditer(folded):
        begin, read = begin + len(words(folded[read : match.start()])), match.start()
        if len(found) >= MOST_FOUND:
            break
        if _MAKERS.search(folded[max(0, match.start() - 40) : match.start()]):
            continue
        end = begin + len(words(match[0]))
        # The first word of a sentence, or one that a list knows, may stand before the name and is no part of it.
        found.append(range(min(end - 2, begin + 1) if end - begin > 2 else begin, end))
    return found


def load(path: Path) -> Rules:
    """The rules of a file. Raises BadRules with a sentence that names what is wrong."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRules(f"{path} cannot be read: {error}") from error
    try:
        lists = {name: Phrases(_texts(phrases, name)) for name, phrases in told["lists"].items()}
        near = int(told.get("near", 12))
        categories = [_category(one, lists, near) for one in told["category"]]
        return Rules(categories, lists, Phrases(_texts(told.get("ignore", []), "ignore")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRules(f"{path} is no rule file: {error}") from error


def _category(told: Mapping[str, Any], lists: Mapping[str, Phrases], near: int) -> Category:
    found = Found(str(told["name"]), Action(told["action"]), str(told["message"]))
    alone, together = tuple(told.get("any", ())), tuple(tuple(names) for names in told.get("together", ()))
    for name in (*alone, *(one for names in together for one in names)):
        if name not in lists:
            raise ValueError(f"{found.category} names the list {name!r}, which is not there")
    if any(len(names) < 2 for names in together) or not (alone or together):
        raise ValueError(f"{found.category} finds nothing: name a list in `any`, or two in `together`")
    return Category(found, alone, together, int(told.get("near", near)))


def _texts(phrases: object, name: str) -> list[str]:
    if not isinstance(phrases, list) or not all(isinstance(one, str) and _PARTS.search(plain(one)) for one in phrases):
        raise ValueError(f"{name} is no list of phrases")
    return phrases


@cache
def rules_of(path: str) -> Rules:
    """The rules of a file (empty: ours), read once for the life of the process. Raises BadRules."""
    return load(Path(path) if path else RULES_FILE)
