"""What pictures owe to AI, and how people want such pictures shown."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

FILLED = """
UPDATE images i SET ai_disclosure = CASE WHEN EXISTS (
        SELECT 1 FROM generation_outputs o JOIN generation_inputs g ON g.job_id = o.job_id AND g.role = 'IMAGE'
        WHERE o.image_id = i.id) THEN 'MADE_HERE EDITED' ELSE 'MADE_HERE GENERATED' END
    WHERE i.generated;
UPDATE images SET ai_disclosure = CASE source_type WHEN 'trainedAlgorithmicMedia' THEN 'READ GENERATED' ELSE 'READ EDITED' END
    WHERE NOT generated
    AND source_type IN ('trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia', 'compositeSynthetic');
CREATE TABLE viewing_settings (  -- how a person wants to be shown what others post; nobody's row: `models.viewing` says
    person_id bigint PRIMARY KEY,
    ai_pictures text NOT NULL CHECK (ai_pictures IN ('SHOW', 'LABEL', 'BLUR', 'HIDE'))
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0020_origins")]
    operations = [
        ops.AddField(model_name="Image", name="ai_disclosure", field=fields.CharField(max_length=20, null=True)),
        ops.RunSQL(FILLED),
    ]
