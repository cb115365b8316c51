"""What kinds of work a job can be, the pictures it works on, and what is known of how each output was made."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.job import InputRole, JobKind

DEFAULTS = """
ALTER TABLE generation_inputs ALTER COLUMN id SET DEFAULT fresque_id();
ALTER TABLE generation_jobs ALTER COLUMN kind SET DEFAULT 'GENERATE';
ALTER TABLE generation_inputs ADD FOREIGN KEY (job_id) REFERENCES generation_jobs (id) ON DELETE CASCADE;
ALTER TABLE generation_inputs ADD FOREIGN KEY (image_id) REFERENCES images (id);
CREATE INDEX generation_inputs_image ON generation_inputs (image_id);
CREATE INDEX generation_outputs_image ON generation_outputs (image_id) WHERE image_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0006_hashtags")]
    operations = [
        ops.AddField(
            model_name="GenerationJob",
            name="kind",
            field=fields.CharEnumField(JobKind, max_length=17, default=JobKind.GENERATE, db_default="GENERATE"),
        ),
        ops.AddField(model_name="GenerationJob", name="quality", field=fields.CharField(max_length=20, null=True)),
        ops.AddField(model_name="GenerationJob", name="output_format", field=fields.CharField(max_length=10, null=True)),
        ops.AddField(model_name="GenerationJob", name="negative_prompt", field=fields.TextField(null=True)),
        ops.AddField(model_name="GenerationJob", name="strength", field=fields.FloatField(null=True)),
        ops.AddField(model_name="GenerationJob", name="scale", field=fields.SmallIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="upstream_id", field=fields.CharField(max_length=200, null=True)),
        ops.AddField(model_name="GenerationOutput", name="seed", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="GenerationOutput", name="facts", field=fields.JSONField(null=True)),
        ops.CreateModel(
            name="GenerationInput",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("job_id", fields.BigIntField()),
                ("role", fields.CharEnumField(InputRole, max_length=9)),
                ("position", fields.SmallIntField(default=0)),
                ("image_id", fields.BigIntField()),
            ],
            options={
                "table": "generation_inputs",
                "app": "models",
                "unique_together": (("job_id", "role", "position"),),
                "pk_attr": "id",
                "table_description": "A picture that a job works on or learns from, in its role and at its place.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(DEFAULTS),
    ]
