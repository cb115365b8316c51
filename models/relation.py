"""A viewer's sets (whom they follow, block, mute and read apart, who blocks them, what they mute and hide), as the live rules need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from models import visibility
from models.database import fetch
from models.ids import Ids
from models.visibility import HeldWord, Relations


async def hold_pair(one_id: int, other_id: int) -> None:
    """What happens between these two people waits until this transaction is over, so that no follow slips past a
    block; and neither account goes private, or is suspended, meanwhile."""
    low, high = min(one_id, other_id), max(one_id, other_id)
    await fetch(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)), pg_advisory_xact_lock_shared(hashtextextended($2, 0)),"
        " pg_advisory_xact_lock_shared(hashtextextended($3, 0))",
        f"{low}:{high}",
        _standing(low),
        _standing(high),
    )


async def hold_standing(user_id: int) -> None:
    """Nobody follows this person, and they follow nobody, until this transaction is over: their standing changes."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", _standing(user_id))


THERE = "there AS MATERIALIZED (SELECT id FROM users WHERE id = $1 AND NOT gone FOR SHARE)"
"""For `WITH`: the person $1 unless they are gone, which they do not become before this transaction is over. So what they do is
counted either by itself or by the change of their standing (`standing.py`), never by both or by none."""


def _standing(user_id: int) -> str:
    return f"standing:{user_id}"


LABELS_HOLD = "1 minute"
"""So long the sets of whoever listens to labelers hold: nobody is told that a labeler left, came back, or proposes something else."""

_SQL = f"""SELECT 'follows' AS what, follower_id AS viewer_id, followee_id AS other_id, NULL::timestamptz AS until, NULL AS text,
    NULL AS needle, NULL::boolean AS everywhere, NULL::boolean AS hides FROM follows WHERE follower_id = ANY($1::bigint[])
UNION ALL SELECT 'blocks', blocker_id, blocked_id, NULL, NULL, NULL, NULL, NULL FROM blocks WHERE blocker_id = ANY($1::bigint[])
UNION ALL SELECT 'blocked_by', blocked_id, blocker_id, NULL, NULL, NULL, NULL, NULL FROM blocks WHERE blocked_id = ANY($1::bigint[])
UNION ALL SELECT 'mutes', muter_id, muted_id, expires_at, NULL, NULL, NULL, NULL
    FROM mutes m WHERE muter_id = ANY($1::bigint[]) AND {visibility.lasting("m")}
UNION ALL SELECT 'requested', requester_id, target_id, NULL, NULL, NULL, NULL, NULL
    FROM follow_requests WHERE requester_id = ANY($1::bigint[])
UNION ALL SELECT 'muted_conversations', muter_id, conversation_id, NULL, NULL, NULL, NULL, NULL
    FROM conversation_mutes WHERE muter_id = ANY($1::bigint[])
UNION ALL SELECT 'apart', owner_id, user_id, NULL, NULL, NULL, NULL, NULL
    FROM list_members WHERE owner_id = ANY($1::bigint[]) AND exclusive
UNION ALL SELECT 'words', owner_id, id, expires_at, text, needle, scope = 'EVERYWHERE', hides
    FROM muted_words w WHERE owner_id = ANY($1::bigint[]) AND scope <> 'NOTIFICATIONS' AND {visibility.lasting("w")}
UNION ALL SELECT 'hides_ai', person_id, 0, NULL, NULL, NULL, NULL, NULL
    FROM viewing_settings WHERE person_id = ANY($1::bigint[]) AND ai_pictures = 'HIDE'
UNION ALL SELECT DISTINCT 'listens', person_id, 0, now() + interval '{LABELS_HOLD}', NULL, NULL, NULL::boolean, NULL::boolean
    FROM labeler_subscriptions WHERE person_id = ANY($1::bigint[])
UNION ALL SELECT 'labels', v.id, 0, NULL, unnest(fresque_hidden_labels(v.id)), NULL, NULL, NULL FROM unnest($1::bigint[]) AS v (id)"""


async def relations_of(viewer_ids: Sequence[int]) -> Mapping[int, Relations]:
    """The sets of these viewers, from one snapshot."""
    found: dict[int, dict[str, list[int]]] = {viewer_id: {} for viewer_id in viewer_ids}
    words: dict[int, list[tuple[int, HeldWord]]] = {}
    labels: dict[int, set[str]] = {}
    until: dict[int, datetime] = {}
    for row in await fetch(_SQL, list(viewer_ids)):
        what, viewer_id, end = row["what"], row["viewer_id"], row["until"]
        if what == "words":
            word = HeldWord(row["text"], row["needle"], row["everywhere"], row["hides"])
            words.setdefault(viewer_id, []).append((row["other_id"], word))
        elif what == "labels":
            labels.setdefault(viewer_id, set()).add(row["text"])
        else:
            found[viewer_id].setdefault(what, []).append(row["other_id"])
        if end is not None:
            until[viewer_id] = min(end, until.get(viewer_id, end))
    return {
        viewer_id: Relations(
            viewer_id,
            Ids(lists.get("follows", ())),
            frozenset(lists.get("blocks", ())),
            frozenset(lists.get("blocked_by", ())),
            frozenset(lists.get("mutes", ())),
            frozenset(lists.get("requested", ())),
            frozenset(lists.get("muted_conversations", ())),
            tuple(word for _, word in sorted(words.get(viewer_id, ()))),
            "hides_ai" in lists,
            until.get(viewer_id),
            frozenset(lists.get("apart", ())),
            frozenset(labels.get(viewer_id, ())),
        )
        for viewer_id, lists in found.items()
    }
