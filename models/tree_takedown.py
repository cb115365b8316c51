"""Takedowns that follow a remix tree: the nearest pictures with the decision, all others by `python -m work`, a batch at a time.

The rows are the work: they move in the transaction that takes the pictures or gives them back, so whoever dies, the rest is done
once. Each picture is an action of its own, which can be appealed; one that an appeal gave back is not taken again. What was still
being made of a picture when it was taken never becomes one (`lease.keep_output`), so nothing grows below what is taken.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from asyncpg import Record

from errors import Refusal
from models import audit, decision, reversal, taken_picture
from models.audit import ModerationLogKind
from models.checkpoint import checkpoint
from models.database import fetch, fetch_one, fetch_value
from models.moderation_action import ACTIONS, ModerationActionKind
from models.report import ReportReason
from models.subject import ReportSubjectKind, Subject
from models.transaction import transaction

log = logging.getLogger(__name__)
AT_ONCE = 100
"""Pictures of one transaction: a decision's, or a batch's; few enough for its time to be enough when each stands in posts."""
BELOW_AT_ONCE = 1_000  # of what hangs below one picture, noted in one step


async def begin(action_id: int, image_ids: Sequence[int], most: int = AT_ONCE) -> None:
    """Follow the trees of these pictures down, for an action just written. Up to `most` pictures are taken here, in the caller's
    transaction; a picture that is taken already stays so, and is passed through."""
    if not image_ids:
        return
    row = await fetch_one(f"{ACTIONS} WHERE a.id = $1", action_id)
    if row is None:
        raise RuntimeError("A tree is followed for an action that is there.")
    await fetch("INSERT INTO tree_takedowns (action_id, case_id) VALUES ($1, $2)", action_id, row["case_id"])
    await _note(action_id, image_ids)
    await _take(row, most)


async def turn_back(action_id: int, by_id: int, moderator_id: int, note: str, most: int = AT_ONCE) -> None:
    """Give back what followed from an action that another (`by_id`) reverses, as far as it stands: up to `most` pictures here, in the caller's transaction. Whatever
    of the tree is not taken yet stays."""
    row = await fetch_one(
        """INSERT INTO tree_takedowns AS t (action_id, case_id, state, reversal_id, returned_by, return_note)
        SELECT a.id, a.case_id, 'RETURNING', $2, $3, $4 FROM moderation_actions a
            WHERE a.id = $1 AND (EXISTS (SELECT 1 FROM moderation_actions b WHERE b.root_id = a.id)
                OR EXISTS (SELECT 1 FROM tree_takedowns t WHERE t.action_id = a.id))
        ON CONFLICT (action_id) DO UPDATE SET state = 'RETURNING', reversal_id = excluded.reversal_id, returned_by = excluded.returned_by,
            return_note = excluded.return_note RETURNING *""",
        action_id,
        by_id,
        moderator_id,
        note,
    )
    if row is not None:
        await fetch("DELETE FROM tree_takedown_images WHERE action_id = $1 AND NOT done", action_id)
        await _return(row, most)


async def step(most: int = AT_ONCE, width: int = BELOW_AT_ONCE) -> bool:
    """Do the next batch of what was moved longest ago; True while there may be more. Safe in parallel."""
    # By itself: a tree that cannot be followed now does not stand before all others.
    found = await fetch_one(
        """UPDATE tree_takedowns SET moved_at = clock_timestamp() WHERE action_id = (SELECT action_id FROM tree_takedowns
            WHERE state IN ('TAKING', 'RETURNING') ORDER BY moved_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING action_id, case_id"""
    )
    if found is None:
        return False
    try:
        async with transaction():
            return await _step(found["action_id"], found["case_id"], most, width)
    except Refusal:
        log.exception("the tree below action %d cannot be followed", found["action_id"])
        return False


async def _step(action_id: int, case_id: int, most: int, width: int) -> bool:
    # Whoever undoes something in the case has the same lock: they wait for a batch, and a batch comes back after them.
    if not await fetch_value("SELECT pg_try_advisory_xact_lock(hashtextextended('case ' || $1::bigint, 0))", case_id):
        return False
    row = await fetch_one(
        "SELECT * FROM tree_takedowns WHERE action_id = $1 AND state IN ('TAKING', 'RETURNING') FOR UPDATE", action_id
    )
    if row is None:
        return True
    if row["state"] == "RETURNING":
        await _return(row, most)
    else:
        root = await fetch_one(f"{ACTIONS} WHERE a.id = $1", action_id)
        if root is None:
            raise RuntimeError("Actions are never taken out.")
        await _take(root, most, width)
    checkpoint("takedown.batch")
    return True


async def _note(action_id: int, image_ids: Sequence[int]) -> None:
    await fetch(
        """INSERT INTO tree_takedown_images (action_id, image_id) SELECT $1, id FROM unnest($2::bigint[]) WITH ORDINALITY AS x (id, at)
        ORDER BY at ON CONFLICT DO NOTHING""",
        action_id,
        list(image_ids),
    )


async def _take(root: Record, most: int, width: int = BELOW_AT_ONCE) -> None:
    """Take up to so many pictures, nearest first, and note what hangs below each; the end is written into the log."""
    action_id = root["id"]
    for _ in range(most):
        waiting = await fetch_one(
            "SELECT id, image_id, place FROM tree_takedown_images WHERE action_id = $1 AND NOT done ORDER BY id LIMIT 1",
            action_id,
        )
        if waiting is None:
            break
        if waiting["place"] is None:
            await _take_one(root, waiting["image_id"])
        below = await taken_picture.below(waiting["image_id"], waiting["place"] or 0, width)
        await _note(action_id, below)
        await fetch(
            "UPDATE tree_takedown_images SET place = $2, done = $3 WHERE id = $1",
            waiting["id"],
            below[-1] if below else 0,
            len(below) < width,
        )
    over = await fetch(
        """UPDATE tree_takedowns t SET state = 'TAKEN' WHERE action_id = $1
        AND NOT EXISTS (SELECT 1 FROM tree_takedown_images i WHERE i.action_id = t.action_id AND NOT i.done) RETURNING taken""",
        action_id,
    )
    if over and over[0]["taken"]:
        await _log(root["moderator_id"], ModerationLogKind.TREE_TAKEN, root, over[0]["taken"])


async def _take_one(root: Record, image_id: int) -> None:
    owner_id = await taken_picture.standing_owner(image_id)
    if owner_id is None:
        return
    action_id, case_id = root["id"], root["case_id"]
    if image_id == root["subject_id"] and root["subject_kind"] == ReportSubjectKind.IMAGE.value:
        number = action_id
    else:
        number = await decision.put(
            case_id,
            ModerationActionKind.REMOVE,
            Subject(ReportSubjectKind.IMAGE, image_id),
            owner_id,
            root["moderator_id"],
            ReportReason(root["rule"]),
            root["note"],
            root_id=action_id,
        )
        await fetch("UPDATE tree_takedowns SET taken = taken + 1 WHERE action_id = $1", action_id)
    undo = await taken_picture.take(image_id)
    await fetch("INSERT INTO moderation_undo (action_id, undo) VALUES ($1, $2::jsonb)", number, undo)
    await fetch("INSERT INTO case_images (case_id, image_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", case_id, image_id)


async def _return(row: Record, most: int) -> None:
    """Give up to so many pictures back; the end is written into the log."""
    action_id, moderator_id = row["action_id"], row["returned_by"]
    below = await fetch(
        f"""{ACTIONS} WHERE a.root_id = $1
        AND NOT EXISTS (SELECT 1 FROM moderation_actions r WHERE r.about_id = a.id AND r.kind = 'REVERSE') ORDER BY a.id LIMIT $2""",
        action_id,
        most,
    )
    for one in below:
        await reversal.undo(moderator_id, one, row["return_note"], row["reversal_id"])
    over = len(below) < most
    (now,) = await fetch(
        """UPDATE tree_takedowns SET returned = returned + $2, state = CASE WHEN $3 THEN 'RETURNED' ELSE state END
        WHERE action_id = $1 RETURNING returned""",
        action_id,
        len(below),
        over,
    )
    if over and now["returned"]:
        root = await fetch_one(f"{ACTIONS} WHERE a.id = $1", action_id)
        if root is not None:
            await _log(moderator_id, ModerationLogKind.TREE_RETURNED, root, now["returned"])


async def _log(moderator_id: int | None, kind: ModerationLogKind, root: Record, pictures: int) -> None:
    await audit.note(
        moderator_id,
        kind,
        case_id=root["case_id"],
        action_id=root["id"],
        person_id=root["person_id"],
        detail=str(pictures),
    )
