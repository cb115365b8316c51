"""A viewer's sets (whom they follow, block and mute, who blocks them), as the live rules need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.database import fetch
from models.ids import Ids
from models.visibility import Relations

SETS = ("blocks", "blocked_by", "mutes")


async def hold_pair(one_id: int, other_id: int) -> None:
    """What happens between these two people waits until this transaction is over, so that no follow slips past a block."""
    await fetch(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{min(one_id, other_id)}:{max(one_id, other_id)}"
    )


async def relations_of(viewer_ids: Sequence[int]) -> Mapping[int, Relations]:
    """The sets of these viewers, from one snapshot."""
    found: dict[int, dict[str, list[int]]] = {viewer_id: {} for viewer_id in viewer_ids}
    rows = await fetch(
        """SELECT 'follows' AS what, follower_id AS viewer_id, followee_id AS other_id FROM follows WHERE follower_id = ANY($1::bigint[])
        UNION ALL SELECT 'blocks', blocker_id, blocked_id FROM blocks WHERE blocker_id = ANY($1::bigint[])
        UNION ALL SELECT 'blocked_by', blocked_id, blocker_id FROM blocks WHERE blocked_id = ANY($1::bigint[])
        UNION ALL SELECT 'mutes', muter_id, muted_id FROM mutes WHERE muter_id = ANY($1::bigint[])""",
        list(viewer_ids),
    )
    for row in rows:
        found[row["viewer_id"]].setdefault(row["what"], []).append(row["other_id"])
    return {
        viewer_id: Relations(
            viewer_id, Ids(lists.get("follows", ())), *(frozenset(lists.get(name, ())) for name in SETS)
        )
        for viewer_id, lists in found.items()
    }
