"""Jobs that are given back and tried again, and the two indexes of the queue."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DEFAULTS = "ALTER TABLE generation_jobs ALTER COLUMN handed_back SET DEFAULT 0"

# The queue is read person by person; deadlines are read across everybody.
INDEXES = """
DROP INDEX generation_jobs_queue;
CREATE INDEX generation_jobs_queue ON generation_jobs (owner_id, id) WHERE state = 'QUEUED';
CREATE INDEX generation_jobs_deadline ON generation_jobs (coalesce(finish_by, start_by)) WHERE state IN ('QUEUED', 'RUNNING');
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0002_spine")]
    operations = [
        ops.AddField(model_name="GenerationJob", name="handed_back", field=fields.SmallIntField(default=0, db_default=0)),
        ops.AddField(model_name="GenerationJob", name="not_before", field=fields.DatetimeField(null=True)),
        ops.RunSQL(DEFAULTS),
        ops.RunSQL(INDEXES),
    ]
