"""Labels in the random worlds of `tests/graph.py`: who puts which on what, and who lets them hide posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from models.database import fetch

if TYPE_CHECKING:
    from tests.graph import World, Written


async def listen(world: World, wary: Iterable[tuple[int, str]], labeler: int) -> None:
    """A labeler proposes to warn of 1 and to hide 2; who is wary of one of them listens, and chooses what is otherwise."""
    world.numbers = {"1": str(labeler + 1), "2": str(labeler + 2), "S": "SPAM"}
    world.wary = {(world.people[who], kind) for who, kind in wary}
    await fetch(
        "INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)"
        " VALUES ($1::bigint, 'p' || $1::bigint, '', '', '', '', '', now())",
        labeler,
    )
    await fetch("INSERT INTO labelers (user_id, description) VALUES ($1, '')", labeler)
    await fetch(
        """INSERT INTO label_definitions (id, labeler_id, identifier, wordings, severity, blur, default_choice, position)
        VALUES ($1, $3, 'one', '[]', 'INFORM', 'NONE', 'WARN', 0), ($2, $3, 'two', '[]', 'INFORM', 'NONE', 'HIDE', 1)""",
        labeler + 1,
        labeler + 2,
        labeler,
    )
    for who in sorted({who for who, _ in world.wary}):
        kinds = {kind for one, kind in world.wary if one == who}
        if "S" in kinds:
            await fetch(
                "INSERT INTO viewing_settings (person_id, hidden_labels) VALUES ($1, '{SPAM}')"
                " ON CONFLICT (person_id) DO UPDATE SET hidden_labels = excluded.hidden_labels",
                who,
            )
        if kinds & {"1", "2"}:
            await fetch("INSERT INTO labeler_subscriptions (person_id, labeler_id) VALUES ($1, $2)", who, labeler)
        if "1" in kinds:
            await fetch("INSERT INTO label_choices VALUES ($1, $2, 'HIDE')", who, labeler + 1)
        if kinds & {"1", "2"} == {"1"}:
            await fetch("INSERT INTO label_choices VALUES ($1, $2, 'SHOW')", who, labeler + 2)
        world.relations[who].hidden_labels = frozenset(world.numbers[kind] for kind in kinds)


async def put_labels(world: World, acts: list[Written]) -> None:
    """Put the labels of the plan on posts, authors and pictures."""
    written = list(zip(world.posts, acts, strict=True))
    authors = {act.author for _, act in written if "u" in act.labels}
    for post, act in written:
        pictured = "1" if "i" in act.labels and act.pictures else ""
        of_author = "1" if act.author in authors else ""
        world.labelled[post] = {*act.labels.translate({ord("u"): None, ord("i"): None}), *pictured, *of_author}
        labels = frozenset(world.numbers[kind] for kind in world.labelled[post])
        world.posts[post] = world.posts[post]._replace(labels=labels)
    given = [(kind, "POST", post) for post, act in written for kind in act.labels if kind in "12"]
    given += [("1", "USER", world.people[author]) for author in authors]
    pictures = [post for post, act in written if "i" in act.labels and act.pictures]
    given += [
        ("1", "IMAGE", row["image_id"])
        for row in await fetch(
            "SELECT image_id FROM post_images WHERE post_id = ANY($1::bigint[]) AND position = 1", pictures
        )
    ]
    await fetch(
        "INSERT INTO given_labels (labeler_id, definition_id, subject_kind, subject_id)"
        " SELECT d.labeler_id, d.id, n.kind, n.subject FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS n (definition, kind, subject)"
        " JOIN label_definitions d ON d.id = n.definition",
        [int(world.numbers[kind]) for kind, _, _ in given],
        [kind for _, kind, _ in given],
        [subject for _, _, subject in given],
    )
    await fetch(
        "INSERT INTO labels (subject_kind, subject_id, value, severity, blur, action_id)"
        " SELECT 'POST', id, 'SPAM', 'INFORM', 'NONE', 0 FROM unnest($1::bigint[]) AS n (id)",
        [post for post, act in written if "S" in act.labels],
    )
