"""What posts are found by: one row of words for each, kept by triggers in the transaction that changes the post.

Beside the words of a text (folded as muted words are, without accents) and their stems in its language (`fr:chat`) stands what
operators ask for: `from:12`, `has:image`, `tag:cats`. A word holds no colon, so nobody types one of these. The words of prompts
stand apart, since who may know of them is another question.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

LANGUAGES = {
    "ar": "arabic", "hy": "armenian", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish",
    "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "it": "italian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "es": "spanish", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}
STEMS = " ".join(f"WHEN '{code}' THEN '{name}_stem'::regdictionary" for code, name in LANGUAGES.items())

FUNCTIONS = rf"""
CREATE FUNCTION fresque_tokens(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
SELECT coalesce(array_agg(left(token, 64) ORDER BY place), '{{}}') FROM unnest(string_to_array(normalize(regexp_replace(
    normalize(public.fresque_folded(said), NFD), '[\u0300-\u036f]+', '', 'g'), NFC), ' ')) WITH ORDINALITY AS t (token, place)
WHERE token <> '' AND token !~ '[\ue000\ue001]'
$body$;
CREATE FUNCTION fresque_lexeme(token text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
SELECT '''' || replace(replace(token, '\', '\\'), '''', '''''') || ''''
$body$;
CREATE FUNCTION fresque_stem(language text, token text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
SELECT language || ':' || (ts_lexize(CASE language {STEMS} END, token))[1]
$body$;
CREATE FUNCTION fresque_vector(said text, language text, behind int) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
    tokens text[] := fresque_tokens(coalesce(said, ''));
BEGIN
    IF cardinality(tokens) = 0 THEN RETURN ''; END IF;
    RETURN (SELECT string_agg(fresque_lexeme(token) || ':' || least(behind + place, 16383), ' ')::tsvector
            FROM unnest(tokens) WITH ORDINALITY AS t (token, place))
        || array_to_tsvector((SELECT coalesce(array_agg(DISTINCT stem), '{{}}')
            FROM unnest(tokens) AS t (token), LATERAL (SELECT fresque_stem(language, token)) AS s (stem) WHERE stem IS NOT NULL));
END
$body$;
CREATE FUNCTION fresque_asked(said text, languages text[], begins boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    tokens text[] := fresque_tokens(said);
BEGIN
    IF cardinality(tokens) = 0 THEN RETURN NULL; END IF;
    IF begins OR cardinality(tokens) > 1 OR cardinality(languages) = 0 THEN
        RETURN '(' || (SELECT string_agg(fresque_lexeme(token), ' <-> ' ORDER BY place)
            FROM unnest(tokens) WITH ORDINALITY AS t (token, place)) || CASE WHEN begins THEN ':*' ELSE '' END || ')';
    END IF;
    RETURN '(' || (SELECT string_agg(DISTINCT fresque_lexeme(form), ' | ') FROM (
        SELECT tokens[1] AS form UNION SELECT fresque_stem(language, tokens[1]) FROM unnest(languages) AS l (language)
    ) AS forms WHERE form IS NOT NULL) || ')';
END
$body$;
"""

# A language that is not known is stemmed as English where there are letters for it; other scripts have no English stems.
WORDS = """
CREATE TABLE post_words (
    post_id bigint PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    words tsvector NOT NULL,
    prompts tsvector
);
ALTER TABLE post_words ALTER COLUMN words SET STATISTICS 1000;
CREATE FUNCTION fresque_put_words(wanted bigint[]) RETURNS void LANGUAGE sql AS $body$
INSERT INTO post_words (post_id, words, prompts)
SELECT p.id, fresque_vector(p.text, spoken.code, 0) || fresque_vector(p.content_warning, spoken.code, 6000)
        || fresque_vector(pictures.alt, spoken.code, 8000) || array_to_tsvector(array_remove(ARRAY[
            'from:' || p.author_id,
            CASE WHEN p.language <> 'und' THEN 'lang:' || p.language END,
            CASE WHEN p.content_warning IS NOT NULL THEN 'has:warning' END,
            CASE WHEN p.poll_id IS NOT NULL THEN 'has:poll' END,
            CASE WHEN p.reply_to_id IS NOT NULL THEN 'is:reply' END,
            CASE WHEN p.reply_to_author_id = p.author_id THEN 'is:thread' END,
            CASE WHEN p.quoted_post_id IS NOT NULL AND NOT p.is_detached THEN 'is:quote' END,
            CASE WHEN p.edited_at IS NOT NULL THEN 'is:edited' END,
            CASE WHEN p.is_sensitive OR pictures.sensitive THEN 'is:sensitive' END,
            CASE WHEN pictures.many > 0 THEN 'has:image' END,
            CASE WHEN pictures.alt <> '' THEN 'has:alt' END,
            CASE WHEN pictures.ai THEN 'is:ai' END,
            CASE WHEN pictures.remix THEN 'is:remix' END], NULL)
            || ARRAY(SELECT DISTINCT 'to:' || id FROM unnest(p.mentioned_ids) AS named (id))
            || ARRAY(SELECT DISTINCT CASE one ->> 'kind' WHEN 'link' THEN 'has:link' WHEN 'mention' THEN 'has:mention'
                ELSE 'has:hashtag' END FROM jsonb_array_elements(p.facets) AS one)
            || ARRAY(SELECT DISTINCT 'tag:' || left(casefold(normalize(one ->> 'value', NFKC) COLLATE pg_unicode_fast), 200)
                FROM jsonb_array_elements(p.facets) AS one WHERE one ->> 'kind' = 'hashtag')
            || ARRAY(SELECT DISTINCT 'model:' || lower(left(name, 100))
                FROM unnest(coalesce(pictures.models, '{}') || coalesce(pictures.engines, '{}')) AS made (name) WHERE name <> '')),
    CASE WHEN pictures.prompts <> '' THEN fresque_vector(pictures.prompts, 'en', 0) END
FROM posts p
CROSS JOIN LATERAL (SELECT coalesce(nullif(p.language, 'und'), 'en') AS code) AS spoken
CROSS JOIN LATERAL (
    SELECT count(*) AS many, coalesce(string_agg(nullif(pi.alt_text, ''), ' ' ORDER BY pi.position), '') AS alt,
        bool_or(i.ai_disclosure IS NOT NULL) AS ai, bool_or(i.remix_post_id IS NOT NULL) AS remix, bool_or(i.sensitive) AS sensitive,
        array_agg(DISTINCT j.model) FILTER (WHERE j.model IS NOT NULL) AS models,
        array_agg(DISTINCT j.engine) FILTER (WHERE j.engine IS NOT NULL) AS engines,
        coalesce(string_agg(DISTINCT j.prompt, ' . '), '') AS prompts
    FROM post_images pi JOIN images i ON i.id = pi.image_id LEFT JOIN LATERAL (
        SELECT o.job_id FROM generation_outputs o WHERE o.image_id = i.id ORDER BY o.id LIMIT 1
    ) AS o ON i.generated LEFT JOIN generation_jobs j ON j.id = o.job_id WHERE pi.post_id = p.id
) AS pictures
WHERE (wanted IS NULL OR p.id = ANY(wanted)) AND p.deleted_at IS NULL
ON CONFLICT (post_id) DO UPDATE SET words = excluded.words, prompts = excluded.prompts
    WHERE (post_words.words, post_words.prompts) IS DISTINCT FROM (excluded.words, excluded.prompts)
$body$;
SELECT fresque_put_words(NULL);
CREATE INDEX post_words_words ON post_words USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX post_words_prompts ON post_words USING gin (prompts) WITH (gin_pending_list_limit = 256) WHERE prompts IS NOT NULL;
"""

# The row of a post is held before its words are read through its pictures, so that an edit at the same time does not come out older.
TRIGGERS = """
CREATE FUNCTION fresque_post_said() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.deleted_at IS NULL THEN
        PERFORM fresque_put_words(ARRAY[NEW.id]);
    ELSE
        DELETE FROM post_words WHERE post_id = NEW.id;
    END IF;
    RETURN NULL;
END
$body$;
CREATE TRIGGER post_said AFTER INSERT OR UPDATE OF text, facets, content_warning, mentioned_ids, reply_to_id,
    reply_to_author_id, quoted_post_id, is_detached, is_sensitive, poll_id, edited_at, deleted_at
    ON posts FOR EACH ROW EXECUTE FUNCTION fresque_post_said();
CREATE FUNCTION fresque_post_pictured() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    held bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.post_id ELSE NEW.post_id END;
BEGIN
    PERFORM 1 FROM posts WHERE id = held FOR NO KEY UPDATE;
    PERFORM fresque_put_words(ARRAY[held]);
    RETURN NULL;
END
$body$;
CREATE TRIGGER post_pictured AFTER INSERT OR UPDATE OR DELETE ON post_images FOR EACH ROW EXECUTE FUNCTION fresque_post_pictured();
CREATE FUNCTION fresque_image_told() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    held bigint[];
BEGIN
    held := ARRAY(SELECT p.id FROM posts p WHERE p.id IN (SELECT post_id FROM post_images WHERE image_id = NEW.id)
        ORDER BY p.id FOR NO KEY UPDATE);
    PERFORM fresque_put_words(held);
    RETURN NULL;
END
$body$;
CREATE TRIGGER image_told AFTER UPDATE OF generated, ai_disclosure, remix_post_id, sensitive ON images FOR EACH ROW
    WHEN ((OLD.generated, OLD.ai_disclosure, OLD.remix_post_id, OLD.sensitive)
        IS DISTINCT FROM (NEW.generated, NEW.ai_disclosure, NEW.remix_post_id, NEW.sensitive))
    EXECUTE FUNCTION fresque_image_told();
"""

# Hashtags that were ever used, so that their names are found by how they begin; how often is counted now and then by `work`.
HASHTAGS = """
CREATE TABLE hashtag_names (
    name text COLLATE "C" PRIMARY KEY,
    shown text NOT NULL,
    uses bigint NOT NULL DEFAULT 0,
    counted_at timestamptz
);
INSERT INTO hashtag_names (name, shown, uses) SELECT hashtag, hashtag, count(*) FROM post_hashtags GROUP BY hashtag;
CREATE FUNCTION fresque_hashtag_used() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO hashtag_names (name, shown) SELECT DISTINCT hashtag, hashtag FROM used ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$body$;
CREATE TRIGGER hashtag_used AFTER INSERT ON post_hashtags REFERENCING NEW TABLE AS used FOR EACH STATEMENT
    EXECUTE FUNCTION fresque_hashtag_used();
CREATE INDEX hashtag_names_counted ON hashtag_names (counted_at NULLS FIRST);
CREATE INDEX hashtag_names_parts ON hashtag_names USING gin (name gin_trgm_ops);
"""

# What a generated column calls says where what it calls is: it is also worked out with an empty search path.
PEOPLE = """
CREATE FUNCTION fresque_named(handle text, display_name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
SELECT ' ' || array_to_string(public.fresque_tokens(handle || ' ' || display_name), ' ')
$body$;
ALTER TABLE users ADD COLUMN named text NOT NULL GENERATED ALWAYS AS (fresque_named(handle, display_name)) STORED;
CREATE INDEX users_names ON users USING gin (named gin_trgm_ops);
CREATE INDEX user_counts_followers ON user_counts (followers DESC, subject_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0030_chats")]
    operations = [
        ops.RunSQL(FUNCTIONS),
        ops.RunSQL(WORDS),
        ops.RunSQL(TRIGGERS),
        ops.RunSQL(HASHTAGS),
        ops.RunSQL(PEOPLE),
    ]
