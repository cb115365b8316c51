"""What a prompt asks for: subjects with counts and colours, how they stand to each other, setting, mood and style."""

from __future__ import annotations

from dataclasses import dataclass, field

from generation.engines.atelier.lexicon import entries


@dataclass(slots=True)
class Subject:
    """Something to be seen `count` times. `asked` is the number the prompt said (it may be more than is drawn)."""

    figure: str
    count: int
    asked: int
    colour: str | None = None
    scale: float = 1.0
    aloft: bool = False
    said: str = ""  # the word of the prompt, in the singular
    known: bool = False  # the prompt speaks of it as of something that is there ("the fox")

    @property
    def label(self) -> str:
        """Its name in the singular."""
        return entries()[self.figure].label


@dataclass(frozen=True, slots=True)
class Relation:
    """`subject` stands to `object` (indexes of subjects) as `kind` says (a key of `terms.RELATIONS`)."""

    kind: str
    subject: int
    object: int


@dataclass(slots=True)
class Reading:
    """A prompt, understood."""

    subjects: list[Subject] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    setting: str | None = None
    time: str | None = None
    weather: str | None = None
    season: str | None = None
    tone: str | None = None
    style: str | None = None
    stars: bool = False
    unread: list[str] = field(default_factory=list)

    @property
    def mood(self) -> tuple[str, ...]:
        """Time, weather, season and tone, as far as the prompt names them."""
        return tuple(word for word in (self.time, self.weather, self.season, self.tone) if word)
