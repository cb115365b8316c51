"""What webhooks are told of jobs: made out of the event log, in its order, each once, whoever reads it and however often.

The place in the log is a row that moves in the transaction which makes the deliveries. What an event means is asked of the job
as it is now: each picture that was kept and the job's end have a key of their own, so what was told is not told again. When the
log no longer has what happened since (`work` was down for days, a restore), the jobs themselves are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asyncpg import Record

from models import node_id
from models.database import fetch
from models.delivery_move import message, moment
from models.event import Cursor, Kind, log_state, read_log
from models.job import OPEN_STATES
from models.log_reader import LogReader
from models.transaction import transaction
from models.webhook import WebhookEvent

READER = "webhooks"
EVENTS_AT_ONCE = 500
JOBS_AT_ONCE = 500
_READER = LogReader(READER)
_OPEN = {state.value for state in OPEN_STATES}


@dataclass(frozen=True, slots=True)
class _News:
    """Something to be told of a job: `key` is the same whenever it is found."""

    event: WebhookEvent
    key: str
    output: int | None = None


async def tell_webhooks() -> bool:
    """Make the deliveries of the next stretch of the log; True while there may be more. Safe in parallel."""
    after = await _READER.place()
    waiting, read_to = await read_log(after, 1)
    if not waiting and read_to.epoch == after.epoch:
        return False  # most of the time; nothing is written for it
    state = await log_state()
    if after.epoch != state.head.epoch or after < state.floor:
        return await _look_through(after, state.head)
    async with transaction():
        if not await _READER.hold(after):
            return False
        events, end = await read_log(after, EVENTS_AT_ONCE)
        await _tell({event.subject_id for event in events if event.kind is Kind.JOB_CHANGED and event.subject_id})
        if events:
            await _stand_at(end)
        return len(events) == EVENTS_AT_ONCE


async def _stand_at(place: Cursor) -> None:
    await _READER.stand_at(place)


async def _look_through(after: Cursor, head: Cursor) -> bool:
    """The log does not reach back to `after`: tell of every job that was open or ended since the reader stood there.

    Bit by bit, since a transaction is short; broken off, it begins anew, and nothing is told twice.
    """
    last = 0
    while True:
        async with transaction():
            if not await _READER.hold(after):
                return False
            rows = await fetch(
                """SELECT j.id FROM generation_jobs j
                WHERE j.id > $1 AND (j.finished_at IS NULL OR j.finished_at >= (SELECT at FROM log_readers WHERE name = $2))
                AND EXISTS (SELECT 1 FROM webhooks w WHERE w.owner_id = j.owner_id AND w.enabled) ORDER BY j.id LIMIT $3""",
                last,
                READER,
                JOBS_AT_ONCE,
            )
            await _tell({row["id"] for row in rows})
            if len(rows) < JOBS_AT_ONCE:
                await _stand_at(head)
                return True
        last = rows[-1]["id"]


async def _tell(job_ids: Iterable[int]) -> None:
    """What is new of these jobs to each webhook of their owners. What ended before a webhook was made is not told."""
    wanted = sorted(job_ids)
    if not wanted:
        return
    rows = await fetch(
        """SELECT w.id AS webhook_id, w.events, j.id, j.state, j.version, j.failure_code,
            (SELECT json_agg(json_build_array(o.index, o.state, o.image_id::text) ORDER BY o.index)
                FROM generation_outputs o WHERE o.job_id = j.id) AS outputs,
            (SELECT coalesce(array_agg(d.key), '{}') FROM webhook_deliveries d
                WHERE d.webhook_id = w.id AND d.job_id = j.id) AS told
        FROM generation_jobs j JOIN webhooks w ON w.owner_id = j.owner_id AND w.enabled
        WHERE j.id = ANY($1::bigint[]) AND (j.finished_at IS NULL OR j.finished_at >= w.created_at) ORDER BY j.id, w.id""",
        wanted,
    )
    if not rows:
        return
    now = await moment()
    made = [
        (
            row["webhook_id"],
            one.event.value,
            one.key,
            row["id"],
            sequence,
            message(one.event.value, now, _data(row, one, sequence)),
        )
        for row in rows
        for sequence, one in enumerate(_untold(row), len(row["told"]) + 1)
    ]
    await fetch(
        """INSERT INTO webhook_deliveries (webhook_id, event, key, job_id, sequence, body)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::int[], $6::text[])
        ON CONFLICT (webhook_id, key) DO NOTHING""",
        *([list(column) for column in zip(*made, strict=True)] or [[]] * 6),
    )


def _untold(row: Record) -> list[_News]:
    """What a webhook wants to know of a job and was not told yet."""
    return [one for one in _news(row) if one.event.value in row["events"] and one.key not in row["told"]]


def _news(row: Record) -> Iterator[_News]:
    """Everything there is to tell of a job by now, in order."""
    for index, _, image_id in row["outputs"] or ():
        if image_id is not None:
            yield _News(WebhookEvent.GENERATION_OUTPUT_KEPT, f"job:{row['id']}:output:{index}", index)
    if row["state"] not in _OPEN:
        yield _News(WebhookEvent[f"GENERATION_{row['state']}"], f"job:{row['id']}:end")


def _data(row: Record, one: _News, sequence: int) -> dict[str, object]:
    """Ids and states; nothing of what was asked for, and no picture."""
    outputs: Sequence[Sequence[str | int | None]] = row["outputs"] or ()
    shown = [
        {"index": index, "state": state, "imageId": node_id.encode("image", int(image_id)) if image_id else None}
        for index, state, image_id in outputs
        if one.output is None or index == one.output
    ]
    found: dict[str, object] = {
        "jobId": node_id.encode("job", row["id"]),
        "sequence": sequence,
        "version": row["version"],
        "state": row["state"],
        "outputs": shown,
    }
    if one.output is None:
        found["failureCode"] = row["failure_code"]
    return found
