"""Reading a prompt: a small grammar over closed word classes and the lexicon, which understands no more than it says.

A noun the reader does not know is reported (`Reading.unread`), never replaced by something like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from generation.engines.atelier import terms
from generation.engines.atelier.figure import emoji_figures
from generation.engines.atelier.lexicon import LONGEST_PHRASE, entries, phrases
from generation.engines.atelier.reading import Reading, Relation, Subject
from generation.engines.atelier.terms import bag
from generation.engines.atelier.words import Word, singulars, words

MAX_SUBJECTS = 10
MAX_FIGURES = 24
MAX_PER_SUBJECT = 20
MAX_UNREAD = 12
BREAKING = frozenset({"and", "or", "but", "while", "as", "plus"})
# Before another noun these only say what it is made of or looks like ("stone bridge", "apple pie").
MODIFIERS = bag(
    "rock chocolate-bar red-apple strawberry ice honey-pot lemon jack-o-lantern mushroom gem-stone blossom coconut carrot "
    "cheese-wedge ear-of-corn open-book bird campfire heart-suit cherries hot-beverage sheaf-of-rice tangerine watermelon banana "
    "wood rose fish potted-plant yarn lamp-post bubbles wine-glass candy cookie egg soccer-ball umbrella"
)
UNNOUNLIKE = ("ly", "ing", "ed", "ful", "ous", "ish", "ive", "able", "ible", "less", "est")


@dataclass(slots=True)
class Pending:
    """What was said of the next noun before it came."""

    count: int | None = None
    definite: bool = True
    colour: str | None = None
    scale: float = 1.0
    aloft: bool = False
    negated: bool = False
    known: bool = False  # "the", "its": it was spoken of before


@cache
def classes() -> Mapping[str, Mapping[str, str]]:
    """phrase → {class: value} for every phrase the reader knows."""
    found: dict[str, dict[str, str]] = {}
    tables = {
        "time": terms.spread(terms.TIMES),
        "weather": terms.spread(terms.WEATHERS),
        "season": terms.spread(terms.SEASONS),
        "tone": terms.spread(terms.TONES),
        "setting": terms.spread(terms.SETTINGS),
        "relation": terms.spread(terms.RELATIONS),
        "style": terms.spread(terms.STYLES),
        "colour": {colour: colour for colour in terms.COLOURS},
        "count": {word.replace("_", " "): word for word in terms.COUNTS},
        "figure": dict(phrases()),
    }
    for name, table in tables.items():
        for phrase, value in table.items():
            found.setdefault(phrase, {})[name] = value
    return MappingProxyType(found)


def read(prompt: str) -> Reading:
    """Understand `prompt`, whatever it is: any text gives a reading, if need be an empty one."""
    return Reader(words(prompt, emoji_figures())).run()


class Reader:
    """One pass over the words of one prompt."""

    def __init__(self, text: list[Word]) -> None:
        self.text = text
        self.at = 0
        self.reading = Reading()
        self.pending = Pending()
        self.group: list[int] = []  # the subjects the next relation speaks about
        self.relation: tuple[str, list[int]] | None = None
        self.leading: tuple[str, int] | None = None  # "under the tree a fox": the relation came before its subject
        self.joined = False  # the words since the last subject were only "and", commas and qualifiers
        self.after_noun = False
        self.field = False  # the word before was a place that can be full of something ("a field of tulips")

    def run(self) -> Reading:
        """Read to the end."""
        while self.at < len(self.text):
            word = self.text[self.at]
            if word.figure is not None:
                self.noun(word.figure, False, entries()[word.figure].label)
                self.at += 1
            elif word.mark:
                self.pause(word.text)
                self.at += 1
            else:
                length, phrase, plural = self.match(self.at)
                if length:
                    self.at += length
                    self.take(phrase, plural, length)
                else:
                    self.loose(word.text)
                    self.at += 1
        self.reading.unread = list(dict.fromkeys(self.reading.unread))[:MAX_UNREAD]
        return self.reading

    def match(self, at: int) -> tuple[int, str, bool]:
        """The longest known phrase at `at`: its length in words, the phrase, and whether it is in the plural."""
        window = []
        for word in self.text[at : at + LONGEST_PHRASE]:
            if word.mark or word.figure is not None:
                break
            window.append(word.text)
        for length in range(len(window), 0, -1):
            for last, plural in singulars(window[length - 1]):
                phrase = " ".join([*window[: length - 1], last])
                known = classes().get(phrase, {})
                if known and (not plural or "figure" in known or "setting" in known):
                    return length, phrase, plural
        return 0, "", False

    def known_at(self, at: int) -> Mapping[str, str]:
        """The classes of the phrase at `at`."""
        return classes().get(self.match(at)[1], {})

    def take(self, phrase: str, plural: bool, length: int) -> None:
        """Act on a phrase (already passed) by its class, the sense decided by what stands around it."""
        known = classes()[phrase]
        first = self.text[self.at - length].text
        if "colour" in known and not ("figure" in known and self.is_noun_here(plural)):
            self.pending.colour = known["colour"]
        elif "figure" in known and length == 1 and first in terms.SMALL and self.figure_follows():
            self.pending.scale = 0.6
        elif "figure" in known and length == 1 and first in terms.VERBISH and self.is_doing():
            self.after_noun = False
        elif "figure" in known and known["figure"] == "moon" and self.relation is not None and self.relation[0] == "on":
            self.reading.setting, self.relation = "lunar", None
        elif "figure" in known and known["figure"] in MODIFIERS and not plural and self.figure_follows(0):
            pass
        elif "figure" in known:
            self.noun(known["figure"], plural, phrase)
        elif "count" in known:
            number = terms.COUNTS[known["count"]]
            self.pending.count = number if self.pending.count is None or number > 1 else self.pending.count
            self.pending.definite = False
        elif "relation" in known:
            if first in terms.ALOFT and self.group:
                self.lift_group()
            self.relate(known["relation"])
        else:
            self.colour_in(known, first)

    def colour_in(self, known: Mapping[str, str], first: str) -> None:
        """A word of mood, setting or style; the first of a class counts, but a style or setting said later never less."""
        if self.pending.negated:
            self.pending = Pending()
            return
        reading = self.reading
        if "setting" in known:
            # "a city at the sea": the first place stays; water beats "in the sky" said in passing.
            if reading.setting in (None, "sky"):
                reading.setting = known["setting"]
            if self.relation is not None and self.relation[0] == "above":
                for index in self.relation[1]:
                    self.reading.subjects[index].aloft = self.reading.subjects[index].aloft or entries()[
                        self.reading.subjects[index].figure
                    ].zone not in ("building", "plant", "sky", "swim")
            self.relation, self.after_noun = None, False
            self.field = first in ("field", "fields", "garden", "forest", "meadow", "sea", "grove", "orchard")
            self.pending = Pending()
            self.group = self.group if self.joined else []
        if "time" in known and reading.time is None:
            reading.time = known["time"]
            reading.stars = reading.stars or first in ("starry", "starlit", "starlight")
        reading.weather = reading.weather or known.get("weather")
        reading.season = reading.season or known.get("season")
        reading.tone = reading.tone or known.get("tone")
        reading.style = reading.style or known.get("style")

    def loose(self, text: str) -> None:
        """A word that is in no table of phrases."""
        pending = self.pending
        if text.isdigit():
            pending.count, pending.definite = min(int(text[:6]), 1000), False
        elif text in terms.NEGATIONS:
            pending.negated = True
        elif text in terms.INDEFINITE:
            self.pending = Pending(
                count=pending.count or 1, definite=False, negated=pending.negated, aloft=pending.aloft
            )
        elif text in terms.DEFINITE:
            pending.definite, pending.known = pending.count is None, True
        elif text in terms.LARGE:
            pending.scale = 1.35
        elif text in terms.SMALL:
            pending.scale = 0.65
        elif text in terms.ALOFT:
            self.lift()
        elif text in BREAKING:
            self.pause(text)
        elif text == "fall" and self.at and self.text[self.at - 1].text in ("in", "the", "of", "during"):
            self.reading.season = self.reading.season or "autumn"
        elif text not in terms.IDLE and text not in ("s", "t"):
            self.unread(text)
        if text not in BREAKING and text not in terms.INDEFINITE and text not in terms.DEFINITE:
            self.after_noun = False

    def unread(self, text: str) -> None:
        """Report `text` if it stands where a noun stands."""
        following = self.text[self.at + 1] if self.at + 1 < len(self.text) else None
        ends = (
            following is None
            or following.mark
            or following.text in BREAKING
            or "relation" in classes().get(following.text, {})
        )
        verbal = self.after_noun and not ends
        if (
            len(text) > 2
            and text.isalpha()
            and not text.endswith(UNNOUNLIKE)
            and not verbal
            and (ends or not self.figure_follows())
        ):
            self.reading.unread.append(text[:40])
            if ends:
                self.pending = Pending()
                self.relation = None

    def lift(self) -> None:
        """ "flying": of the noun just said, or of the one to come."""
        if self.after_noun and self.group:
            self.lift_group()
        else:
            self.pending.aloft = True

    def lift_group(self) -> None:
        """Take the subjects just named off the ground."""
        for index in self.group:
            self.reading.subjects[index].aloft = True

    def pause(self, text: str) -> None:
        """A comma or "and": what was said of the next noun is over; the group goes on."""
        self.pending = Pending()
        if text in (".", ";", "!", "?", "\n"):
            self.group, self.relation, self.leading = [], None, None
        elif text in (",", "and", "plus") or text in BREAKING:
            self.joined = bool(self.group)
        self.after_noun = False

    def relate(self, kind: str) -> None:
        """A relation was named: it holds between the group so far and the next noun."""
        self.relation = (kind, list(self.group))
        self.pending = Pending()
        self.joined = False
        self.after_noun = False

    def noun(self, figure: str, plural: bool, said: str) -> None:
        """A figure was named."""
        pending, self.pending = self.pending, Pending()
        self.after_noun = True
        if pending.negated:
            self.relation = None
            return
        if figure == "star" and plural and pending.count is None:
            self.reading.stars = True
            self.reading.time = self.reading.time or "night"
            self.relation = None
            return
        index = self.place(figure, plural, said, pending)
        self.field = False
        if index is None:
            self.relation = None
            return
        self.tie(index)

    def place(self, figure: str, plural: bool, said: str, pending: Pending) -> int | None:
        """The index of the subject the noun stands for, made if it is a new one; None if there is no room."""
        subjects = self.reading.subjects
        for index, known in enumerate(subjects):
            if known.figure == figure and pending.colour in (None, known.colour) and not self.joined:
                if pending.definite and pending.count is None:
                    return index
                if (
                    (pending.count or 1) == 1
                    and not plural
                    and pending.colour == known.colour
                    and self.relation is None
                ):
                    break
        asked = pending.count if pending.count is not None else usual_number(figure) if plural else 1
        if plural and self.field and pending.count is None and entries()[figure].zone == "plant":
            asked = 9
        if plural and asked == 1 and pending.count is None:
            asked = 2
        room = MAX_FIGURES - sum(subject.count for subject in subjects)
        if len(subjects) >= MAX_SUBJECTS or room <= 0 or asked <= 0:
            return None
        count = min(asked, MAX_PER_SUBJECT, room)
        subjects.append(
            Subject(figure, count, asked, pending.colour, pending.scale, pending.aloft, said, pending.known)
        )
        return len(subjects) - 1

    def tie(self, index: int) -> None:
        """Hold the new noun against the relation that is open, or join it to the group."""
        reading = self.reading
        if self.relation is not None:
            kind, group = self.relation
            self.relation = None
            if entries()[reading.subjects[index].figure].figure in ("moon", "sun", "crescent") and kind in (
                "under",
                "before",
                "in",
                "near",
            ):
                self.joined = False
                return  # the sky hangs over everything; nothing to arrange
            for subject in group:
                if subject != index:
                    reading.relations.append(Relation(kind, subject, index))
            if not group:
                self.leading = (kind, index)
            # Stacks are read from the top ("a bird on a cat on a dog"); for the rest the first noun stays the topic.
            self.group = [index] if kind in ("on", "riding", "in") or not group else group
        elif self.leading is not None and not self.joined:
            reading.relations.append(Relation(self.leading[0], index, self.leading[1]))
            self.leading, self.group = None, [index]
        elif self.joined:
            self.group = [*self.group, index]
        else:
            self.group = [index]
        self.joined = False

    def is_noun_here(self, plural: bool) -> bool:
        """Whether a word that is a colour and a thing is the thing ("an orange", but "an orange cat")."""
        if plural:
            return True
        following = self.text[self.at] if self.at < len(self.text) else None
        if following is None or following.mark or following.text in BREAKING:
            return True
        known = self.known_at(self.at)
        return "relation" in known

    def is_doing(self) -> bool:
        """Whether a word that is a thing and a doing is the doing, by the word before it."""
        before = self.at - 2
        if before < 0:
            return False
        word = self.text[before]
        return not word.mark and (
            self.after_noun or word.text in ("to", "can", "will", "who", "that", "they", "it", "could", "should")
        )

    def figure_follows(self, skip: int = 2) -> bool:
        """Whether a figure is named next, with at most `skip` other words between."""
        for step in range(skip + 1):
            at = self.at + step
            if at >= len(self.text) or self.text[at].mark or self.text[at].text in BREAKING:
                return False
            known = self.known_at(at)
            if "figure" in known:
                return True
            if "relation" in known:
                return False
        return False


def usual_number(figure: str) -> int:
    """How many a bare plural means."""
    entry = entries()[figure]
    if entry.zone == "plant":
        return 5 if entry.size < 1.5 else 4
    return 2 if entry.zone == "building" or entry.size >= 1.6 else 3
