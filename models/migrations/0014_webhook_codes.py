"""Why a webhook is turned off, as a code for programs beside the sentence for people."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CODES = """
ALTER TABLE webhooks ADD COLUMN disabled_code text;
UPDATE webhooks SET disabled_code = CASE WHEN disabled_reason LIKE '%410%' THEN 'GONE'
    WHEN disabled_reason LIKE 'It took nothing%' THEN 'SILENT' ELSE 'BY_OWNER' END WHERE NOT enabled;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_style_codes")]
    operations = [ops.RunSQL(CODES)]
