"""Trends: what posts are written in, how much each account counts, and what trends now."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# Scripts say most languages; those in Latin script are told apart by the small words that only they use. Addresses, mentions and
# hashtags are no words. What says nothing is 'und'.
LANGUAGE = r"""
CREATE FUNCTION fresque_language(text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $body$
DECLARE
    said text := regexp_replace($1, '(https?://\S+|[@#＃]\S+)', ' ', 'g');
    best text;
BEGIN
    IF said ~ '[\u3040-\u30ff]' THEN RETURN 'ja'; END IF;
    IF said ~ '[\uac00-\ud7a3]' THEN RETURN 'ko'; END IF;
    IF said ~ '[\u3400-\u9fff]' THEN RETURN 'zh'; END IF;
    IF said ~ '[іїєґІЇЄҐ]' THEN RETURN 'uk'; END IF;
    IF said ~ '[\u0400-\u04ff]' THEN RETURN 'ru'; END IF;
    IF said ~ '[\u0600-\u06ff]' THEN RETURN 'ar'; END IF;
    IF said ~ '[\u0590-\u05ff]' THEN RETURN 'he'; END IF;
    IF said ~ '[\u0370-\u03ff]' THEN RETURN 'el'; END IF;
    IF said ~ '[\u0900-\u097f]' THEN RETURN 'hi'; END IF;
    IF said ~ '[\u0e00-\u0e7f]' THEN RETURN 'th'; END IF;
    SELECT code INTO best FROM (VALUES
        ('en', '\m(the|and|is|are|was|of|to|this|that|with|for|my|you|it|not|have|what|from|i)\M'),
        ('fr', '\m(le|la|les|des|du|et|est|une|un|dans|pour|pas|que|qui|avec|mon|ma|mes|je|nous|vous|sur|au|aux|ce|cette|c''est|il|elle)\M'),
        ('es', '\m(el|los|las|y|es|una|en|con|para|por|que|mi|no|muy|pero|como|del|al|esta|este)\M'),
        ('de', '\m(der|die|das|und|ist|ein|eine|nicht|mit|für|ich|zu|auf|den|dem|im|von|wir|sie|auch)\M'),
        ('it', '\m(il|gli|e|è|che|di|un|una|per|non|con|sono|della|nel|mio|mia|questo|questa|anche|lo)\M'),
        ('pt', '\m(o|os|as|e|é|um|uma|de|do|da|para|com|não|que|em|meu|minha|muito|mas|você)\M')
    ) AS words (code, pattern), LATERAL (SELECT regexp_count(lower(said), pattern)) AS found (times)
    WHERE times > 0 ORDER BY times DESC, code LIMIT 1;
    RETURN coalesce(best, 'und');
END $body$;
ALTER TABLE posts ADD COLUMN language text GENERATED ALWAYS AS (fresque_language(text)) STORED;
"""

TABLES = """
CREATE TABLE account_weights (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    age_weight real NOT NULL,  -- 0 for who came today, 1 after a month
    established smallint NOT NULL,  -- followers who have been here for a month, as far as they are counted
    weighed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE trend_turns (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    claimed_at timestamptz NOT NULL DEFAULT '-infinity',
    done_at timestamptz
);
INSERT INTO trend_turns DEFAULT VALUES;
CREATE TABLE trending_hashtags (
    language text NOT NULL,  -- '' is all languages together
    hashtag text COLLATE "C" NOT NULL,
    name text NOT NULL,
    accounts int NOT NULL,
    score double precision NOT NULL,
    PRIMARY KEY (language, hashtag)
);
CREATE TABLE trending_posts (
    language text NOT NULL,
    post_id bigint NOT NULL,
    rank bigint NOT NULL,  -- by score, the post's own last digits behind it: no two are the same
    score double precision NOT NULL,
    PRIMARY KEY (language, post_id)
);
CREATE INDEX trending_posts_rank ON trending_posts (language, rank DESC) INCLUDE (post_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0027_unexamined")]
    operations = [ops.RunSQL(LANGUAGE), ops.RunSQL(TABLES)]
