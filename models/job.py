"""Generation jobs: the row is the queue.

Every move is one conditional UPDATE (state and lease), so that one racer wins; every visible change raises `version` and
is an event. Times are the database's.
"""

from __future__ import annotations

from enum import Enum

from tortoise import fields
from tortoise.models import Model


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
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.IN_REVIEW)


class GenerationJob(Model):
    """One request for 1–4 pictures, from asking to its one end."""

    id = fields.BigIntField(primary_key=True, generated=True)
    owner_id = fields.BigIntField()
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
    attempt = fields.SmallIntField(default=0)
    lease_token = fields.UUIDField(null=True)
    lease_until = fields.DatetimeField(null=True)
    cancel_requested_at = fields.DatetimeField(null=True)
    start_by = fields.DatetimeField()
    finish_by = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    failure_code = fields.CharField(max_length=60, null=True)
    failure_message = fields.TextField(null=True)

    class Meta:
        table = "generation_jobs"


class GenerationOutput(Model):
    """One wanted picture of a job."""

    id = fields.BigIntField(primary_key=True, generated=True)
    job_id = fields.BigIntField()
    index = fields.SmallIntField()
    state = fields.CharEnumField(OutputState, max_length=9, default=OutputState.PENDING)
    image_id = fields.BigIntField(null=True)

    class Meta:
        table = "generation_outputs"
        unique_together = (("job_id", "index"),)
