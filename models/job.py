"""Generation jobs: the row is the queue. Rows and how they are read; `job_move.py` and `lease.py` move them.

Every move holds the row and is conditional on state and lease, so that one racer wins; every visible change raises
`version` and is an event. Times are the database's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tortoise import fields
from tortoise.models import Model

from models import node_id, visibility
from models.database import fetch
from models.drawing import DRAWN, OWN_LINE
from models.job_queue import places
from models.output_facts import EditRow, MaskRow, edit_of, mask_of
from models.timeline import Window


class JobState(Enum):
    """Where a job is. Finer steps are in `phase` and `failure_code`."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    IN_REVIEW = "IN_REVIEW"
    SUCCEEDED = "SUCCEEDED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    TIMED_OUT = "TIMED_OUT"


class OutputState(Enum):
    """What became of one wanted picture."""

    PENDING = "PENDING"
    IN_REVIEW = "IN_REVIEW"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"


class JobKind(Enum):
    """What a job does: make pictures out of words, or work on a picture that is there."""

    GENERATE = "GENERATE"
    EDIT = "EDIT"
    VARY = "VARY"
    UPSCALE = "UPSCALE"
    REMOVE_BACKGROUND = "REMOVE_BACKGROUND"


class InputRole(Enum):
    """What a picture given to a job is for. A mask is transparent where the picture may change."""

    IMAGE = "IMAGE"
    MASK = "MASK"
    GUIDE = "GUIDE"
    REFERENCE = "REFERENCE"


class JobPriority(Enum):
    """Which of a person's own jobs comes first; it does not pass by anybody else's."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"

    @property
    def number(self) -> int:
        """How it is kept: the higher comes first."""
        return {JobPriority.LOW: -1, JobPriority.NORMAL: 0, JobPriority.HIGH: 1}[self]


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.IN_REVIEW)


class GenerationJob(Model):
    """One request for 1–4 pictures, from asking to its one end."""

    id = fields.BigIntField(primary_key=True, generated=True)
    owner_id = fields.BigIntField()
    kind = fields.CharEnumField(JobKind, max_length=17, default=JobKind.GENERATE)
    state = fields.CharEnumField(JobState, max_length=9, default=JobState.QUEUED)
    version = fields.IntField(default=1)
    phase = fields.CharField(max_length=40, null=True)
    fraction = fields.FloatField(null=True)
    prompt = fields.TextField()
    engine = fields.CharField(max_length=40)
    model = fields.CharField(max_length=80)
    width = fields.IntField()
    height = fields.IntField()
    count = fields.SmallIntField(default=1)
    seed = fields.BigIntField()
    style = fields.CharField(max_length=80, null=True)
    background = fields.CharField(max_length=20, null=True)
    quality = fields.CharField(max_length=20, null=True)
    output_format = fields.CharField(max_length=10, null=True)
    negative_prompt = fields.TextField(null=True)
    strength = fields.FloatField(null=True)  # 0 keeps the given picture, 1 forgets it
    scale = fields.SmallIntField(null=True)  # how many times as wide and high an upscaled picture is
    upstream_id = fields.CharField(max_length=200, null=True)  # what an outside engine calls this work
    upstream_resumable = fields.BooleanField(default=True)  # whether a later attempt may ask for it by that name
    priority = fields.SmallIntField(default=0)  # among the owner's own jobs; the higher comes first
    retry_of_id = fields.BigIntField(null=True)  # the job that this one does again
    attempt = fields.SmallIntField(default=0)
    handed_back = fields.SmallIntField(default=0)  # attempts that ended because their worker was told to stop
    not_before = fields.DatetimeField(null=True)  # a job that failed waits a little before it is tried again
    lease_token = fields.UUIDField(null=True)
    lease_until = fields.DatetimeField(null=True)
    lease_seconds = fields.FloatField(default=15.0)  # how long a lease lasts from each beat; longer for more work
    cancel_requested_at = fields.DatetimeField(null=True)
    start_by = fields.DatetimeField()
    finish_by = fields.DatetimeField(null=True)
    thread_id = fields.BigIntField(null=True)
    parent_id = fields.BigIntField(null=True)  # the job it goes on from
    manner = fields.TextField(null=True)  # what the engine is told instead of a style code of a row
    style_code_id = fields.BigIntField(null=True)  # by which it is painted, or the picture it works on was
    parent_index = fields.SmallIntField(null=True)  # with which of its pictures
    instruction = fields.TextField(null=True)  # how going on was said, where the prompt says more
    remix_post_id = fields.BigIntField(null=True)  # what its pictures are remixes of: the post, and the picture in it
    remix_image_id = fields.BigIntField(null=True)
    finish_seconds = fields.IntField(null=True)  # from its first start; null is `settings.job_finish_seconds`
    created_at = fields.DatetimeField(auto_now_add=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    failure_code = fields.CharField(max_length=60, null=True)
    failure_message = fields.TextField(null=True)
    failure_stage = fields.CharField(max_length=20, null=True)
    failure_categories = fields.JSONField[list[str]](null=True)

    class Meta:
        table = "generation_jobs"


class GenerationOutput(Model):
    """One wanted picture of a job. A job that does an earlier one again has the indexes of those it makes, and no others."""

    id = fields.BigIntField(primary_key=True, generated=True)
    job_id = fields.BigIntField()
    index = fields.SmallIntField()
    state = fields.CharEnumField(OutputState, max_length=9, default=OutputState.PENDING)
    image_id = fields.BigIntField(null=True)
    seed = fields.BigIntField(null=True)
    facts = fields.JSONField[dict[str, object]](null=True)  # how it was made, in the engine's own words
    failure_code = fields.CharField(max_length=60, null=True)
    failure_message = fields.TextField(null=True)
    failure_stage = fields.CharField(max_length=20, null=True)
    failure_categories = fields.JSONField[list[str]](null=True)

    class Meta:
        table = "generation_outputs"
        unique_together = (("job_id", "index"),)


class GenerationInput(Model):
    """A picture that a job works on or learns from, in its role and at its place."""

    id = fields.BigIntField(primary_key=True, generated=True)
    job_id = fields.BigIntField()
    role = fields.CharEnumField(InputRole, max_length=9)
    position = fields.SmallIntField(default=0)
    image_id = fields.BigIntField()

    class Meta:
        table = "generation_inputs"
        unique_together = (("job_id", "role", "position"),)


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a job or one of its pictures: `code` for programs, `message` a sentence for people.

    `stage` and `categories` are told of what a check refused or holds back: "prompt" or "picture" where it was one of this place,
    "input" or "output" where it was the engine's and it says.
    """

    code: str
    message: str
    stage: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One wanted picture as its owner sees it."""

    index: int
    state: OutputState
    image_id: int | None
    seed: str | None = None  # decimal
    failure: Failure | None = None
    mask: MaskRow | None = None
    edit: EditRow | None = None
    style_code: str | None = None  # None where it is somebody else's
    drawn: bool = False  # whether it keeps the scene it was painted from


@dataclass(frozen=True, slots=True)
class InputRow:
    """A picture that was given to a job, as the job's owner sees it."""

    role: InputRole
    position: int
    image_id: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as its owner sees it. `queue_position` counts from 1 (next) and `people_ahead` are those others who come first;
    both are None unless it waits. `retry_at` is when it is tried again at the earliest, None unless it waits for that.

    `engine` and `model` are names (`models.engine.made_with` finds what they are); `seed` is decimal.
    """

    id: int
    owner_id: int
    version: int
    state: JobState
    phase: str | None
    fraction: float | None
    queue_position: int | None
    people_ahead: int | None
    prompt: str
    engine: str
    model: str
    width: int
    height: int
    seed: str
    style: str | None
    background: str | None
    kind: JobKind
    quality: str | None
    output_format: str | None
    negative_prompt: str | None
    strength: float | None
    scale: int | None
    priority: JobPriority
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    start_by: datetime
    finish_by: datetime | None
    retry_at: datetime | None
    cancel_requested_at: datetime | None
    retry_of_id: int | None
    failure: Failure | None
    outputs: tuple[OutputRow, ...]
    inputs: tuple[InputRow, ...]
    thread_id: int | None = None
    parent_id: int | None = None
    parent_index: int | None = None
    instruction: str | None = None
    post_id: int | None = None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("job", self.id)


_STILL_SEEN = f"""(i.owner_id = $2 OR EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.visible.sql("p", "$2")}))"""
"""Of what a remix was made from, its maker is shown no more than everybody else."""


async def jobs(ids: Iterable[int], viewer_id: int) -> dict[int, JobRow]:
    """Those of the jobs that are this viewer's own, by id."""
    rows = await fetch(
        f"""SELECT j.*, CASE WHEN j.not_before > now() THEN j.not_before END AS retry_at,
            (SELECT json_agg(json_build_array(o.index, o.state, o.image_id, o.seed::text,
                o.facts -> 'mask', o.facts -> 'edit', CASE WHEN (s.owner_id IS NULL OR s.owner_id = j.owner_id) AND {OWN_LINE} THEN o.facts ->> 'style_code' END,
                coalesce({DRAWN}, false), o.failure_code, o.failure_message, o.failure_stage, o.failure_categories) ORDER BY o.index)
            FROM generation_outputs o WHERE o.job_id = j.id) AS outputs,
            (SELECT json_agg(json_build_array(g.role, g.position, g.image_id) ORDER BY g.role, g.position)
            FROM generation_inputs g JOIN images i ON i.id = g.image_id WHERE g.job_id = j.id AND {_STILL_SEEN}) AS inputs,
            (SELECT c.post_id FROM creations c WHERE c.job_id = j.id) AS post_id
        FROM generation_jobs j LEFT JOIN style_codes s ON s.id = j.style_code_id
        WHERE j.id = ANY($1::bigint[]) AND j.owner_id = $2""",
        list(ids),
        viewer_id,
    )
    waiting = [row["id"] for row in rows if row["state"] == JobState.QUEUED.value]
    standing = await places(waiting) if waiting else {}
    return {
        row["id"]: JobRow(
            id=row["id"],
            owner_id=row["owner_id"],
            version=row["version"],
            state=JobState(row["state"]),
            phase=row["phase"],
            fraction=row["fraction"],
            queue_position=standing[row["id"]].position if row["id"] in standing else None,
            people_ahead=standing[row["id"]].people if row["id"] in standing else None,
            prompt=row["prompt"],
            engine=row["engine"],
            model=row["model"],
            width=row["width"],
            height=row["height"],
            seed=str(row["seed"]),
            style=row["style"],
            background=row["background"],
            kind=JobKind(row["kind"]),
            quality=row["quality"],
            output_format=row["output_format"],
            negative_prompt=row["negative_prompt"],
            strength=row["strength"],
            scale=row["scale"],
            priority=next(one for one in JobPriority if one.number == row["priority"]),
            attempt=row["attempt"],
            created_at=row["created_at"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            start_by=row["start_by"],
            finish_by=row["finish_by"],
            retry_at=row["retry_at"],
            cancel_requested_at=row["cancel_requested_at"],
            retry_of_id=row["retry_of_id"],
            failure=_failure(*(row[f"failure_{part}"] for part in ("code", "message", "stage", "categories"))),
            outputs=tuple(
                OutputRow(
                    index,
                    OutputState(state),
                    image,
                    seed,
                    _failure(*failure),
                    mask_of(mask),
                    edit_of(edit),
                    code,
                    drawn,
                )
                for index, state, image, seed, mask, edit, code, drawn, *failure in row["outputs"]
            ),
            inputs=tuple(InputRow(InputRole(role), at, image) for role, at, image in row["inputs"] or ()),
            thread_id=row["thread_id"],
            parent_id=row["parent_id"],
            parent_index=row["parent_index"],
            instruction=row["instruction"],
            post_id=row["post_id"],
        )
        for row in rows
    }


def _failure(code: str | None, message: str | None, stage: str | None, categories: list[str] | None) -> Failure | None:
    return None if code is None else Failure(code, message or "It did not work.", stage, tuple(categories or ()))


async def stories(image_ids: Iterable[int], viewer_id: int) -> dict[int, JobRow]:
    """The viewer's own job that made each of the pictures, by the picture's id; pictures made otherwise are left out."""
    rows = await fetch(
        """SELECT o.image_id, o.job_id FROM generation_jobs j JOIN generation_outputs o ON o.job_id = j.id
        WHERE j.owner_id = $2 AND o.image_id = ANY($1::bigint[])""",
        list(image_ids),
        viewer_id,
    )
    found = await jobs({row["job_id"] for row in rows}, viewer_id) if rows else {}
    return {row["image_id"]: found[row["job_id"]] for row in rows if row["job_id"] in found}


async def job_ids(viewer_id: int, window: Window) -> list[int]:
    """Ids of a person's jobs in a window, newest first."""
    rows = await fetch(
        f"SELECT id FROM generation_jobs WHERE owner_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((row["id"] for row in rows), reverse=True)
