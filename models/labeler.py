"""Labelers: accounts that say of posts, pictures and accounts what they think of them, in labels of their own, to whoever listens.

A labeler is there while it is open and its account neither private nor gone; else nothing that it said shows or hides anything.
Each person who listens chooses what comes of which label; what they did not choose is as the labeler proposes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound, QuotaExceeded
from models import facet, naming, visibility
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.label import LabelBlur, LabelSeverity
from models.preference import InterfaceLanguage
from models.relation import hold_pair

MOST_DEFINITIONS = 20
MOST_LABELERS = 20  # that one person listens to
LONGEST_DESCRIPTION = 500
LONGEST_NAME = 40
LONGEST_MEANING = 300
_IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,29}")
NO_SUCH_LABELER = "There is no such labeler."
NO_SUCH_LABEL = "This labeler has no such label."


class LabelChoice(Enum):
    """What comes of a label for one person."""

    HIDE = "HIDE"
    WARN = "WARN"
    SHOW = "SHOW"


@dataclass(frozen=True, slots=True)
class LabelWording:
    """How a label is called in a language, and what it means."""

    language: InterfaceLanguage
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A label as its labeler defines it."""

    identifier: str
    wordings: Sequence[LabelWording]
    severity: LabelSeverity
    blur: LabelBlur
    default_choice: LabelChoice


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A label of a labeler's, and what comes of it for one viewer."""

    identifier: str
    wordings: Sequence[LabelWording]
    severity: LabelSeverity
    blur: LabelBlur
    default_choice: LabelChoice
    viewer_choice: LabelChoice


@dataclass(frozen=True, slots=True)
class LabelerRow:
    """A labeler as one viewer sees it."""

    user_id: int
    description: str
    created_at: datetime
    labels: Sequence[DefinitionRow]
    viewer_is_subscribed: bool


def choice_of(chosen: LabelChoice | None, proposed: LabelChoice) -> LabelChoice:
    """What comes of a label: what the person chose, else what its labeler proposes."""
    return proposed if chosen is None else chosen


def definition_of(row: Record | Mapping[str, Any]) -> DefinitionRow:
    """The definition in a row of `label_definitions` with the viewer's `choice`."""
    proposed = LabelChoice(row["default_choice"])
    wordings = [
        LabelWording(InterfaceLanguage(one["language"]), one["name"], one["description"]) for one in row["wordings"]
    ]
    return DefinitionRow(
        row["identifier"],
        wordings,
        LabelSeverity(row["severity"]),
        LabelBlur(row["blur"]),
        proposed,
        choice_of(LabelChoice(row["choice"]) if row["choice"] else None, proposed),
    )


_OPEN = visibility.OPEN_LABELER.replace("{l}", "l.user_id")
_PARTED = """EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id, b.blocked_id) IN ((l.user_id, $1), ($1, l.user_id)))"""
# One's own is there for oneself while it is open, also from a private account.
_SHOWN = f"((l.user_id = $1 AND l.closed_at IS NULL) OR ({_OPEN} AND NOT {_PARTED}))"


async def labelers(viewer_id: int, user_ids: Iterable[int]) -> dict[int, LabelerRow]:
    """Labelers by their accounts, those that are there for this viewer: no block parts them."""
    rows = await fetch(
        f"""SELECT l.user_id, l.description, l.created_at, EXISTS (SELECT 1 FROM labeler_subscriptions s
            WHERE s.person_id = $1 AND s.labeler_id = l.user_id) AS subscribed,
            (SELECT json_agg(json_build_object('identifier', d.identifier, 'wordings', d.wordings, 'severity', d.severity,
                'blur', d.blur, 'default_choice', d.default_choice, 'choice', c.choice) ORDER BY d.position, d.id)
            FROM label_definitions d LEFT JOIN label_choices c ON c.person_id = $1 AND c.definition_id = d.id
            WHERE d.labeler_id = l.user_id AND d.retired_at IS NULL) AS definitions
        FROM labelers l WHERE l.user_id = ANY($2::bigint[]) AND {_SHOWN}""",
        viewer_id,
        list(user_ids),
    )
    return {
        row["user_id"]: LabelerRow(
            row["user_id"],
            row["description"],
            row["created_at"],
            [definition_of(one) for one in row["definitions"] or ()],
            row["subscribed"],
        )
        for row in rows
    }


async def subscribed(person_id: int) -> list[int]:
    """To whom somebody listens and who is there, the one they began with last first."""
    rows = await fetch(
        f"""SELECT l.user_id FROM labeler_subscriptions s JOIN labelers l ON l.user_id = s.labeler_id
        WHERE s.person_id = $1 AND {_OPEN} ORDER BY s.created_at DESC, l.user_id LIMIT $2""",
        person_id,
        MOST_LABELERS,
    )
    return [row["user_id"] for row in rows]


async def is_labeler(user_id: int) -> bool:
    """Whether somebody puts labels on things."""
    return bool(await fetch("SELECT 1 FROM labelers WHERE user_id = $1 AND closed_at IS NULL", user_id))


# -- verbs, each in a transaction of the caller's


async def declare(user_id: int, description: str, definitions: Sequence[Definition]) -> None:
    """Become a labeler, or change what one says of oneself and one's labels: those left out are retired, with where they stand.

    Raises BadInput, Conflict for a private account: strangers could not see who speaks.
    """
    kept = naming.description(description, LONGEST_DESCRIPTION)
    given = _checked(definitions)
    if await fetch_value("SELECT is_private FROM users WHERE id = $1 FOR SHARE", user_id):
        raise Conflict("A private account is no labeler: others could not see who speaks.")
    await fetch(
        "INSERT INTO labelers (user_id, description) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET description = excluded.description, closed_at = NULL",
        user_id,
        kept,
    )
    await fetch(
        "UPDATE label_definitions SET retired_at = now() WHERE labeler_id = $1 AND retired_at IS NULL AND identifier <> ALL($2)",
        user_id,
        [one.identifier for one in given],
    )
    for position, one in enumerate(given):
        wordings = [
            {"language": each.language.value, "name": each.name, "description": each.description}
            for each in one.wordings
        ]
        await fetch(
            """INSERT INTO label_definitions (labeler_id, identifier, wordings, severity, blur, default_choice, position)
            VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7) ON CONFLICT (labeler_id, identifier) DO UPDATE SET
            wordings = excluded.wordings, severity = excluded.severity, blur = excluded.blur,
            default_choice = excluded.default_choice, position = excluded.position, retired_at = NULL""",
            user_id,
            one.identifier,
            wordings,
            one.severity.value,
            one.blur.value,
            one.default_choice.value,
            position,
        )


async def close(user_id: int) -> None:
    """Be a labeler no longer: nothing one said shows any more, until one declares it again. Twice is the same as once."""
    await fetch("UPDATE labelers SET closed_at = now() WHERE user_id = $1 AND closed_at IS NULL", user_id)


async def subscribe(person_id: int, labeler_id: int) -> None:
    """Listen to a labeler; twice is the same as once. Raises BadInput (oneself), NotFound, Forbidden, QuotaExceeded."""
    if person_id == labeler_id:
        raise BadInput("Your own labels are yours to see where you put them.", ["userId"])
    await hold_pair(person_id, labeler_id)
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('labelers of ' || $1::bigint, 0))", person_id)
    found = await fetch_one(
        f"SELECT {_PARTED} AS parted FROM labelers l WHERE l.user_id = $2 AND {_OPEN}", person_id, labeler_id
    )
    if found is None or found["parted"]:
        raise NotFound(NO_SUCH_LABELER, ["userId"])
    new = await fetch(
        "INSERT INTO labeler_subscriptions (person_id, labeler_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
        person_id,
        labeler_id,
    )
    if not new:
        return
    if await _how_many(person_id) > MOST_LABELERS:
        # Who is not there is in no list, so that nobody could leave them to make room.
        await fetch(
            f"DELETE FROM labeler_subscriptions s WHERE s.person_id = $1 AND NOT {visibility.OPEN_LABELER.replace('{l}', 's.labeler_id')}",
            person_id,
        )
        if await _how_many(person_id) > MOST_LABELERS:
            raise QuotaExceeded(f"You listen to {MOST_LABELERS} labelers; leave one to add another.", ["userId"])
    await _tell(person_id)


async def _how_many(person_id: int) -> int:
    return int(await fetch_value("SELECT count(*) FROM labeler_subscriptions WHERE person_id = $1", person_id))


async def unsubscribe(person_id: int, labeler_id: int) -> bool:
    """Listen to a labeler no longer, whether or not it is there; what was chosen of its labels is forgotten. True if one did."""
    await fetch(
        "DELETE FROM label_choices c USING label_definitions d WHERE c.person_id = $1 AND d.id = c.definition_id"
        " AND d.labeler_id = $2",
        person_id,
        labeler_id,
    )
    gone = await fetch(
        "DELETE FROM labeler_subscriptions WHERE person_id = $1 AND labeler_id = $2 RETURNING 1", person_id, labeler_id
    )
    if gone:
        await _tell(person_id)
    return bool(gone)


async def choose(person_id: int, labeler_id: int, identifier: str, choice: LabelChoice | None) -> None:
    """Say what comes of a label of a labeler one listens to; None: what the labeler proposes. Raises NotFound, Forbidden."""
    require_identifier(identifier, NO_SUCH_LABEL)
    found = await fetch_one(
        f"""SELECT d.id, EXISTS (SELECT 1 FROM labeler_subscriptions s WHERE s.person_id = $1 AND s.labeler_id = $2) AS heard
        FROM labelers l LEFT JOIN label_definitions d ON d.labeler_id = l.user_id AND d.identifier = $3 AND d.retired_at IS NULL
        WHERE l.user_id = $2 AND {_OPEN} AND NOT {_PARTED}""",
        person_id,
        labeler_id,
        identifier,
    )
    if found is None:
        raise NotFound(NO_SUCH_LABELER, ["userId"])
    if found["id"] is None:
        raise NotFound(NO_SUCH_LABEL, ["identifier"])
    if not found["heard"]:
        raise Forbidden("Subscribe to this labeler first.", ["userId"])
    if choice is None:
        moved = await fetch(
            "DELETE FROM label_choices WHERE person_id = $1 AND definition_id = $2 RETURNING 1", person_id, found["id"]
        )
    else:
        moved = await fetch(
            """INSERT INTO label_choices (person_id, definition_id, choice) VALUES ($1, $2, $3)
            ON CONFLICT (person_id, definition_id) DO UPDATE SET choice = excluded.choice
            WHERE label_choices.choice <> excluded.choice RETURNING 1""",
            person_id,
            found["id"],
            choice.value,
        )
    if moved:
        await _tell(person_id)


def require_identifier(text: str, message: str) -> None:
    """Raises NotFound with this message for what no label is called."""
    if not _IDENTIFIER.fullmatch(text):
        raise NotFound(message, ["identifier"])


async def part(one_id: int, other_id: int) -> None:
    """Neither listens to the other any more: a block came between them."""
    for person_id, labeler_id in ((one_id, other_id), (other_id, one_id)):
        await unsubscribe(person_id, labeler_id)


def _checked(definitions: Sequence[Definition]) -> list[Definition]:
    if len(definitions) > MOST_DEFINITIONS:
        raise BadInput(f"A labeler has at most {MOST_DEFINITIONS} labels.", ["labels"])
    found: dict[str, Definition] = {}
    for place, one in enumerate(definitions):
        at = f"labels.{place}"
        if not _IDENTIFIER.fullmatch(one.identifier):
            raise BadInput(
                "An identifier is 1 to 30 of a–z, 0–9 and -, and begins with a letter.", [*at.split("."), "identifier"]
            )
        if one.identifier in found:
            raise BadInput("Two labels have this identifier.", [*at.split("."), "identifier"])
        languages = {each.language for each in one.wordings}
        if not one.wordings or len(languages) != len(one.wordings):
            raise BadInput("A label has a name in one language or several, one for each.", [*at.split("."), "wordings"])
        found[one.identifier] = Definition(
            one.identifier,
            [_worded(each, [*at.split("."), "wordings", str(n)]) for n, each in enumerate(one.wordings)],
            one.severity,
            one.blur,
            one.default_choice,
        )
    return list(found.values())


def _worded(given: LabelWording, path: list[str]) -> LabelWording:
    name = facet.kept(given.name, LONGEST_NAME, LONGEST_NAME * naming.BYTES_A_GRAPHEME)
    if not name or "\n" in name:
        raise BadInput(f"A name is one line of 1 to {LONGEST_NAME} characters.", [*path, "name"])
    meaning = facet.kept(given.description, LONGEST_MEANING, LONGEST_MEANING * naming.BYTES_A_GRAPHEME)
    if meaning is None:
        raise BadInput(f"A description has at most {LONGEST_MEANING} characters.", [*path, "description"])
    return LabelWording(given.language, name, meaning)


async def _tell(person_id: int) -> None:
    await record(Kind.FILTERS_CHANGED, [f"viewer:{person_id}"], actor_id=person_id)
