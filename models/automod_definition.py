"""What an automod rule says: what it looks at, when it matches, whom it spares, and what follows. Data, with bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from errors import BadInput
from models import naming
from models.facet import folded
from models.label import LabelRow, label_of
from models.report import ReportReason
from safety.lexicon import MOST_WORDS, parts_of

LONGEST_NAME = 60
MOST_PHRASES = 200
LONGEST_PHRASE = 100
MOST_HASHTAGS = 100
MOST_COUNTED = 100
MOST_DAYS = 3_650
MOST_AN_HOUR = 1_000
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


class AutomodTarget(Enum):
    """What a rule looks at."""

    POST = "POST"
    ACCOUNT = "ACCOUNT"


class AutomodOutcome(Enum):
    """What follows from a match."""

    QUEUE = "QUEUE"
    LABEL = "LABEL"
    HOLD = "HOLD"


@dataclass(frozen=True, slots=True)
class Definition:
    """A rule's words and numbers. All conditions that are given must hold; of the phrases, and of the hashtags, one is enough."""

    name: str
    target: AutomodTarget
    outcome: AutomodOutcome
    reason: ReportReason
    label: LabelRow | None = None
    phrases: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    min_links: int | None = None
    min_mentions: int | None = None
    min_hashtags: int | None = None
    younger_than_days: int | None = None
    sensitive_pictures: bool = False
    spares_team: bool = True
    spares_older_than_days: int | None = None
    spares_answers_to_followers: bool = False
    most_an_hour: int = 100


_OF_POSTS = (
    "hashtags",
    "min_links",
    "min_mentions",
    "min_hashtags",
    "sensitive_pictures",
    "spares_answers_to_followers",
)
_COUNTED = {
    "min_links": MOST_COUNTED,
    "min_mentions": MOST_COUNTED,
    "min_hashtags": MOST_COUNTED,
    "younger_than_days": MOST_DAYS,
    "spares_older_than_days": MOST_DAYS,
    "most_an_hour": MOST_AN_HOUR,
}
_CONDITIONS = (
    "phrases",
    "hashtags",
    "min_links",
    "min_mentions",
    "min_hashtags",
    "younger_than_days",
    "sensitive_pictures",
)


def checked(given: Mapping[str, Any]) -> Definition:
    """A definition out of what somebody gave, by the names of its fields. Raises BadInput, whose path begins at `rule`."""
    values = dict(given)
    try:
        values["name"] = naming.name(values["name"], LONGEST_NAME)
    except BadInput as error:
        raise BadInput(error.message, ["rule", "name"]) from error
    values["phrases"] = _phrases(values.get("phrases", ()))
    values["hashtags"] = _hashtags(values.get("hashtags", ()))
    for name, most in _COUNTED.items():
        number = values.get(name)
        if number is not None and not 1 <= number <= most:
            raise BadInput(f"1 to {most:,}.", ["rule", _camel(name)])
    found = Definition(**values)
    if found.target is AutomodTarget.ACCOUNT:
        for name in _OF_POSTS:
            if getattr(found, name):
                raise BadInput("Only posts have this.", ["rule", _camel(name)])
        if found.outcome is AutomodOutcome.HOLD:
            raise BadInput("Accounts are not held: put them into the queue.", ["rule", "outcome"])
    if not any(getattr(found, name) for name in _CONDITIONS):
        raise BadInput("Say when the rule matches: without a condition it would match everything.", ["rule"])
    if (found.outcome is AutomodOutcome.LABEL) != (found.label is not None):
        raise BadInput("A label is given where the outcome is LABEL, and only there.", ["rule", "label"])
    return found


def _phrases(given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > MOST_PHRASES:
        raise BadInput(f"A rule has at most {MOST_PHRASES} phrases.", ["rule", "phrases"])
    kept: dict[tuple[str, ...], str] = {}
    for at, phrase in enumerate(given):
        path = ["rule", "phrases", str(at)]
        if len(phrase) > LONGEST_PHRASE or "\x00" in phrase:
            raise BadInput(f"A phrase has at most {LONGEST_PHRASE} characters.", path)
        parts = parts_of(phrase)
        if not 1 <= len(parts) <= MOST_WORDS:
            raise BadInput(f"A phrase has 1 to {MOST_WORDS} words of letters or digits.", path)
        kept.setdefault(parts, " ".join(phrase.split()))
    return tuple(kept.values())


def _hashtags(given: Sequence[str]) -> tuple[str, ...]:
    if len(given) > MOST_HASHTAGS:
        raise BadInput(f"A rule has at most {MOST_HASHTAGS} hashtags.", ["rule", "hashtags"])
    kept = []
    for at, hashtag in enumerate(given):
        name = folded(hashtag.strip().lstrip("#＃")) if len(hashtag) <= LONGEST_PHRASE else ""
        if not name or any(sign.isspace() or sign == "\x00" for sign in name):
            raise BadInput(
                f"A hashtag is one word of at most {LONGEST_PHRASE} characters.", ["rule", "hashtags", str(at)]
            )
        kept.append(name)
    return tuple(dict.fromkeys(kept))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def stored(one: Definition) -> dict[str, Any]:
    """A definition as it stands in a row."""
    label = (
        None if one.label is None else {name: getattr(one.label, name).value for name in ("value", "severity", "blur")}
    )
    plain = {name: getattr(one, name) for name in Definition.__slots__}
    return {name: value.value if isinstance(value, Enum) else value for name, value in plain.items()} | {"label": label}


def read(row: Mapping[str, Any]) -> Definition:
    """A definition out of a row. Raises one of `UNREADABLE` where a newer version wrote it."""
    return Definition(
        **{
            **row,
            "target": AutomodTarget(row["target"]),
            "outcome": AutomodOutcome(row["outcome"]),
            "reason": ReportReason(row["reason"]),
            "label": None if row["label"] is None else label_of(row["label"]),
            "phrases": tuple(row["phrases"]),
            "hashtags": tuple(row["hashtags"]),
        }
    )
