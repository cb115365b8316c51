"""Reading an instruction about a picture that is there: "bluer, and at night", "add a boat", "make the cat a dog".

It is cut into clauses at commas and "and"; each has a verb (its own, or that of the clause before) and what the reader of
prompts understands of the rest. What it does not understand is reported (`unread`), never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generation.engines.atelier import turns
from generation.engines.atelier.cluster import WORN
from generation.engines.atelier.figure import emoji_figures
from generation.engines.atelier.grade import PLAIN, Grade, cast
from generation.engines.atelier.lexicon import entries
from generation.engines.atelier.reader import Reader, classes
from generation.engines.atelier.reading import Reading, Relation, Subject
from generation.engines.atelier.terms import COLOURS, NEGATIONS
from generation.engines.atelier.words import Word, words

LONGEST_KEYWORD = 4  # words
MORE = frozenset({"more", "another", "extra", "additional"})


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is there, by what it is; None is whatever the mask or the drawing points at."""

    figure: str | None
    colour: str | None = None
    count: int | None = None  # None: all of them


@dataclass(slots=True)
class Instruction:
    """An instruction, understood. Lists are in the order of the words."""

    additions: list[Reading] = field(default_factory=list)
    removals: list[Target] = field(default_factory=list)
    replacements: list[tuple[Target, Subject]] = field(default_factory=list)
    recolours: list[tuple[Target, str]] = field(default_factory=list)
    sizes: list[tuple[Target, float]] = field(default_factory=list)
    moves: list[tuple[Target, float | None, float]] = field(default_factory=list)  # right (None: to the middle), down
    moods: dict[str, str | None] = field(
        default_factory=dict
    )  # time, weather, season, tone, setting; None takes it away
    style: str | None = None
    grade: Grade = PLAIN
    mirrored: bool = False
    transparent: bool | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing of it was understood."""
        return self == Instruction(unread=self.unread)


def instruction_of(text: str) -> Instruction:
    """Understand `text`, whatever it is: any text gives an instruction, if need be an empty one."""
    found = Instruction()
    verb = ""
    for clause in clauses(words(text, emoji_figures())):
        verb = Clause(clause, verb, found).read()
    found.unread = list(dict.fromkeys(found.unread))[:12]
    return found


def clauses(text: Sequence[Word]) -> list[list[Word]]:
    """The words cut at marks and conjunctions; "black and white" stays whole, and what follows "instead of" is cut off."""
    found: list[list[Word]] = [[]]
    for at, word in enumerate(text):
        before = text[at - 1].text if at else ""
        after = text[at + 1].text if at + 1 < len(text) else ""
        if word.text in turns.CUTS and not (word.text == "and" and before == "black" and after == "white"):
            found.append([])
        else:
            if (
                word.text in ("without", "with", *NEGATIONS)
                and found[-1]
                and (word.text != "with" or keyword(found[-1])[1] == "")
            ):
                found.append([])
            found[-1].append(word)
    return [clause for clause in found if clause]


def keyword(clause: Sequence[Word]) -> tuple[int, str]:
    """The verb a clause begins with (after "please", "now", "can you"): its place after it, and its kind; 0 and "" if none."""
    start = 0
    while start < len(clause) and clause[start].text in (
        "please",
        "now",
        "can",
        "could",
        "you",
        "just",
        "i",
        "want",
        "to",
        "lets",
        "us",
        "let",
    ):
        start += 1
    for length in range(min(LONGEST_KEYWORD, len(clause) - start), 0, -1):
        phrase = " ".join(word.text for word in clause[start : start + length])
        if phrase in turns.VERBS:
            return start + length, turns.VERBS[phrase]
    return 0, ""


class Clause:
    """One clause on its way into the instruction."""

    def __init__(self, clause: Sequence[Word], inherited: str, found: Instruction) -> None:
        at, own = keyword(clause)
        self.verb, self.inherited, self.found = own, inherited, found
        self.text = list(clause[at:])
        self.texts = [word.text for word in self.text]
        self.amount = 1.0

    def read(self) -> str:
        """Take it in; gives the verb for the clause after."""
        self.take_grades()
        self.take_sky()
        if "instead" in self.texts:
            return self.instead()
        reader = Reader(self.text)
        reading = reader.run()
        trailing = reader.pending.colour
        verb = self.verb or ("add" if self.inherited in ("", "make") else self.inherited)
        if self.verb in ("remove",):
            self.remove(reading)
            return "remove"
        if verb == "flip":
            if not reading.subjects:
                self.found.mirrored = not self.found.mirrored
            return "flip"
        self.moods(reading)
        self.found.unread += [] if self.understood(reading, trailing) else reading.unread
        if verb == "replace" or (self.verb == "make" and self.is_replacing(reading)):
            self.replace(reading)
        elif self.verb == "make" or (not self.verb and self.inherited == "make" and self.is_change(reading, trailing)):
            self.change(reading, trailing)
            return "make"
        elif verb == "move" and reading.subjects:
            self.move(reading)
        elif verb == "remove":
            self.remove(reading)
        elif self.is_change(reading, trailing):
            self.change(reading, trailing)
        else:
            self.add(reading)
        return verb

    def take_grades(self) -> None:
        """Colour moves, taken out of the words."""
        kept: list[Word] = []
        at = 0
        factor = 1.0
        hit = False
        while at < len(self.text):
            for length in (3, 2, 1):
                phrase = " ".join(self.texts[at : at + length])
                move = turns.GRADES.get(phrase) or (cast(turns.COLOURED[phrase]) if phrase in turns.COLOURED else None)
                if move is None and length == 2 and self.texts[at] in ("more", "less") and self.texts[at + 1 : at + 2]:
                    colour = self.texts[at + 1]
                    noun = len(self.texts) > at + 2 and bool(classes().get(self.texts[at + 2], {}).get("figure"))
                    if colour in COLOURS and not noun:
                        move = cast(colour).times(1.0 if self.texts[at] == "more" else -0.8)
                if move is not None:
                    self.found.grade = self.found.grade + move.times(factor)
                    at, hit, factor = at + length, True, 1.0
                    break
            else:
                if self.texts[at] in turns.AMOUNTS:
                    factor = turns.AMOUNTS[self.texts[at]]
                kept.append(self.text[at])
                at += 1
        if hit:
            self.text = [word for word in kept if word.text not in turns.AMOUNTS]
            self.texts = [word.text for word in self.text]

    def take_sky(self) -> None:
        """ "clear sky", "transparent background"."""
        if turns.SKIES & set(self.texts) and turns.CLEAR & set(self.texts):
            self.found.moods["weather"] = None
            self.text = [word for word in self.text if word.text not in turns.SKIES | turns.CLEAR]
        if "transparent" in self.texts:
            self.found.transparent = True
            self.text = [word for word in self.text if word.text not in turns.GROUNDS | {"transparent"}]
        elif self.verb == "remove" and turns.GROUNDS & set(self.texts) and len(self.text) <= 3:
            self.found.transparent = True
            self.text = []
        self.texts = [word.text for word in self.text]

    def instead(self) -> str:
        """ "a dog instead of the cat", "a dog instead"."""
        cut = self.texts.index("instead")
        fresh = Reader(self.text[:cut]).run()
        rest = self.text[cut + 1 :]
        stale = Reader([word for word in rest if word.text != "of"]).run()
        self.moods(fresh)
        if fresh.subjects:
            gone = [target(subject) for subject in stale.subjects] or [Target(None)]
            self.found.replacements.append((gone[0], fresh.subjects[0]))
        else:
            self.found.removals += [target(subject) for subject in stale.subjects]
        self.found.unread += fresh.unread + stale.unread
        return "replace"

    def moods(self, reading: Reading) -> None:
        """Time, weather, season, tone, place and style."""
        for name in ("time", "weather", "season", "tone", "setting"):
            value = getattr(reading, name)
            if value is not None and not (name == "tone" and value == "warm"):
                self.found.moods[name] = value
        if reading.stars:
            self.found.moods["stars"] = "yes"
        self.found.style = reading.style or self.found.style

    def understood(self, reading: Reading, trailing: str | None) -> bool:
        """Whether words of sizes and places explain what the reader of prompts could not read."""
        odd = set(reading.unread) - set(turns.SIZES) - set(turns.MOVES) - turns.MIDDLES - turns.GROUNDS - turns.WHOLE
        reading.unread = [word for word in reading.unread if word in odd]
        return not odd

    def is_replacing(self, reading: Reading) -> bool:
        """Whether "make the cat a dog" says of two things that one becomes the other."""
        if len(reading.subjects) < 2 or self.is_colour(reading.subjects[1]):
            return False
        becoming = not reading.relations or "into" in self.texts
        return reading.subjects[0].known and not reading.subjects[1].known and becoming

    def is_colour(self, subject: Subject) -> bool:
        """Whether a subject is only a colour that is also a thing ("make the cat orange")."""
        return subject.said in COLOURS and not subject.known and subject.colour is None

    def is_change(self, reading: Reading, trailing: str | None) -> bool:
        """Whether a clause says something of what is there, rather than naming something new."""
        if not reading.subjects:
            return trailing is not None or bool(turns.SIZES.keys() & set(self.texts))
        first = reading.subjects[0]
        said = trailing is not None or bool(turns.SIZES.keys() & set(self.texts))
        return first.known and said and len(reading.subjects) == 1

    def replace(self, reading: Reading) -> None:
        """The first thing becomes the second."""
        if len(reading.subjects) >= 2:
            self.found.replacements.append((target(reading.subjects[0]), reading.subjects[1]))
        elif len(reading.subjects) == 1:
            pointed = turns.WHOLE & set(self.texts)
            only = reading.subjects[0]
            if pointed or not only.known:
                self.found.replacements.append((Target(None), only))
            else:
                self.found.removals.append(target(only))

    def change(self, reading: Reading, trailing: str | None) -> None:
        """What is there gets another colour or size; without a noun it is said of the whole picture."""
        subjects = list(reading.subjects)
        if (len(subjects) >= 2 and self.is_colour(subjects[-1])) or (
            subjects and self.is_colour(subjects[0]) and turns.WHOLE & set(self.texts)
        ):
            trailing = subjects.pop().said
        sizes = [turns.SIZES[word] for word in self.texts if word in turns.SIZES]
        whole = not subjects
        aims = [target(subject) for subject in subjects] or [Target(None)]
        if trailing is not None:
            if whole and reading.unread:
                return  # "make the helmet red": what is meant is not known, and nothing else is
            if whole:
                self.found.grade = self.found.grade + cast(trailing)
            else:
                self.found.recolours += [(aim, trailing) for aim in aims]
        if sizes and (not whole or trailing is None):
            self.found.sizes += [(aim, sizes[-1]) for aim in aims]
        moved = self.direction()
        if moved is not None and subjects:
            self.found.moves += [(aim, *moved) for aim in aims]
        if trailing is None and not sizes and moved is None and subjects:
            self.add(reading)

    def move(self, reading: Reading) -> None:
        """What is there goes somewhere else."""
        moved = self.direction()
        aims = [target(subject) for subject in reading.subjects]
        self.found.moves += [(aims[0], *(moved or (None, 0.0)))]

    def direction(self) -> tuple[float | None, float] | None:
        """Where the words point: right and down in shares of the canvas, None right is the middle."""
        right, down, said = 0.0, 0.0, False
        for word in self.texts:
            if word in turns.MOVES:
                right, down, said = right + turns.MOVES[word][0], down + turns.MOVES[word][1], True
        if not said and turns.MIDDLES & set(self.texts):
            return None, 0.0
        return (right, down) if said else None

    def remove(self, reading: Reading) -> None:
        """What is there goes; a weather, a season or stars end."""
        for name in ("weather", "season", "tone"):
            if getattr(reading, name) is not None:
                self.found.moods[name] = None
        if reading.stars:
            self.found.moods["stars"] = None
        self.found.removals += [target(subject) for subject in reading.subjects]
        pointed = {"this", "that", "it", "these", "those"} & set(self.texts)
        if pointed and not reading.subjects:
            self.found.removals.append(Target(None))
        self.found.unread += reading.unread

    def add(self, reading: Reading) -> None:
        """New things come, beside or on what is there."""
        if not reading.subjects:
            return
        self.tie(reading)
        if MORE & set(self.texts):
            for subject in reading.subjects:
                subject.known = False
        self.found.additions.append(reading)

    def tie(self, reading: Reading) -> None:
        """ "give the cat a hat", "add a hat to the cat": the thing goes to who is known."""
        for at, relation in enumerate(reading.relations):
            thing, wearer = reading.subjects[relation.subject], reading.subjects[relation.object]
            living = entries()[wearer.figure].group in ("animals", "people")
            if relation.kind in ("on", "with", "in") and thing.figure in WORN and wearer.known and living:
                reading.relations[at] = Relation("wearing", relation.object, relation.subject)
        if reading.relations or len(reading.subjects) != 2:
            return
        known = [at for at, subject in enumerate(reading.subjects) if subject.known]
        if len(known) == 1 and ("to" in self.texts or known == [0]):
            thing = reading.subjects[1 - known[0]]
            living = entries()[reading.subjects[known[0]].figure].group in ("animals", "people")
            kind = (
                "wearing"
                if thing.figure in WORN and living
                else "holding"
                if living and entries()[thing.figure].size <= 0.8
                else "near"
            )
            pair = (known[0], 1 - known[0]) if kind != "near" else (1 - known[0], known[0])
            reading.relations.append(Relation(kind, *pair))


def target(subject: Subject) -> Target:
    """What a subject of an instruction points at."""
    return Target(subject.figure, subject.colour, subject.asked if not subject.known and subject.asked > 1 else None)
