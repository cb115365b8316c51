"""Credits: the ledger, which the database itself lets nobody change, and what it comes to for each person."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE credit_accounts (
    owner_id bigint PRIMARY KEY,
    tier text NOT NULL,
    balance bigint NOT NULL DEFAULT 0,
    held bigint NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL DEFAULT now(),
    grants int NOT NULL DEFAULT 1,  -- months that were given (or had no room) so far
    next_grant_at timestamptz NOT NULL,
    CONSTRAINT credit_accounts_covered CHECK (held >= 0 AND held <= balance)
) WITH (fillfactor = 80);
CREATE INDEX credit_accounts_due ON credit_accounts (next_grant_at);
CREATE TABLE credit_entries (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('GRANT', 'RESERVE', 'SETTLE', 'RELEASE', 'ADJUST')),
    amount bigint NOT NULL CHECK (amount > 0 OR (kind = 'ADJUST' AND amount <> 0)),
    pictures smallint CHECK ((kind = 'RESERVE') = (pictures IS NOT NULL) AND amount % coalesce(pictures, 1) = 0),
    job_id bigint CHECK ((kind IN ('RESERVE', 'SETTLE', 'RELEASE')) = (job_id IS NOT NULL)),
    output_index smallint CHECK ((kind IN ('SETTLE', 'RELEASE')) = (output_index IS NOT NULL)),
    business_id text NOT NULL UNIQUE,
    note text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX credit_entries_owner ON credit_entries (owner_id, id DESC);
-- Each picture of a job is taken or given back, never both.
CREATE UNIQUE INDEX credit_entries_output ON credit_entries (job_id, output_index) WHERE output_index IS NOT NULL;
CREATE FUNCTION credit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'A line of credit_entries is never changed or taken out: add one that puts it right.'
        USING ERRCODE = 'restrict_violation';
END
$body$;
CREATE TRIGGER credit_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION credit_entries_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0007_craft")]
    operations = [ops.RunSQL(TABLES)]
