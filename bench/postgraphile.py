"""What PostGraphile needs to answer a home: a schema of views and one function, its document, and its answer in our shape.

PostGraphile makes its own GraphQL schema of what it finds in the database, so its document differs from ours in names and
in depth, not in values. The ids of a page come from the product's own statements inside a function; posts, people, pictures,
facets and quotes are views whose joins PostGraphile plans by itself. The rules of visibility and the viewer's state are the
product's SQL, with the viewer as a setting of the transaction, which is PostGraphile's way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.statements import statements
from models import counter, visibility
from models.timeline import NEWEST

VIEWER = "current_setting('peer.viewer')::bigint"

DOCUMENT = """query Home($first: Int = 20) {
  home: homeList(size: $first) {
    key more liveCursor
    reposter { rowId handle }
    post {
      rowId version text createdAt editedAt visibility contentWarning
      facets { start end kind value person { rowId handle } }
      author { rowId handle displayName viewerIsFollowing avatar { url(size: "SMALL") } }
      images { imageId url(size: "MEDIUM") width height blurhash altText generated }
      likes reposts replies quotes remixes
      quoted { rowId reason text author { rowId handle } }
      viewerHasLiked viewerHasReposted viewerHasBookmarked viewerCanReply viewerCanQuote viewerCanRemix
    }
  }
}"""


def _page(name: str) -> str:
    """One of the product's statements for a page, with a function's variables in it."""
    sql = statements()[name]
    for place, value in (("$1", "me"), ("$2", str(NEWEST)), ("$3", "0::bigint"), ("$4", "(size + 1)")):
        sql = sql.replace(place, value)
    return f"""RETURN QUERY SELECT found.key, found.post_id, found.reposter_id, count(*) OVER () > size,
        found.epoch || '.' || found.xid || '.' || found.event_id
        FROM ({sql}) AS found WHERE found.key IS NOT NULL ORDER BY found.key DESC LIMIT size;"""


def schema() -> str:
    """SQL that makes the schema `peer` anew."""
    return f"""DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer;
CREATE VIEW peer.avatar AS SELECT id, prefix FROM images;
COMMENT ON VIEW peer.avatar IS E'@primaryKey id';
CREATE FUNCTION peer.avatar_url(image peer.avatar, size text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT '/media/' || image.prefix || '/' || size $$;

CREATE VIEW peer.person AS SELECT u.id, u.handle, u.display_name, u.avatar_id,
    EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {VIEWER} AND e.followee_id = u.id) AS viewer_is_following FROM users u;
COMMENT ON VIEW peer.person IS E'@primaryKey id\\n@foreignKey (avatar_id) references peer.avatar (id)|@fieldName avatar';

CREATE VIEW peer.quote AS SELECT p.id, rule.reason, CASE WHEN rule.reason IS NULL THEN p.text END AS text,
    CASE WHEN rule.reason IS NULL THEN p.author_id END AS author_id
FROM posts p CROSS JOIN LATERAL (SELECT CASE WHEN {visibility.visible.sql("p", VIEWER)} THEN NULL
    WHEN {visibility.deleted.sql("p", VIEWER)} AND {visibility.shown.sql("p", VIEWER)} THEN 'DELETED'
    WHEN {visibility.blocks_author.sql("p", VIEWER)} THEN 'BLOCKED' ELSE 'NOT_VISIBLE' END AS reason OFFSET 0) AS rule;
COMMENT ON VIEW peer.quote IS E'@primaryKey id\\n@foreignKey (author_id) references peer.person (id)|@fieldName author';

CREATE VIEW peer.post AS SELECT p.id, p.author_id, p.text, p.visibility, p.content_warning, p.created_at, p.edited_at, p.quoted_post_id,
    counts.version, counts.likes, counts.reposts, counts.replies, counts.quotes, counts.remixes,
    EXISTS (SELECT 1 FROM likes e WHERE e.user_id = {VIEWER} AND e.post_id = p.id) AS viewer_has_liked,
    EXISTS (SELECT 1 FROM reposts e WHERE e.user_id = {VIEWER} AND e.post_id = p.id) AS viewer_has_reposted,
    EXISTS (SELECT 1 FROM bookmarks e WHERE e.user_id = {VIEWER} AND e.post_id = p.id) AS viewer_has_bookmarked,
    p.author_id = {VIEWER} OR p.reply_policy = 'EVERYONE' AS viewer_can_reply,
    p.author_id = {VIEWER} OR (p.quote_policy = 'EVERYONE' AND p.visibility IN ('PUBLIC', 'UNLISTED')) AS viewer_can_quote,
    p.remix_policy = 'EVERYONE' AS viewer_can_remix
FROM posts p JOIN LATERAL {counter.POSTS.shown("p.id")} AS counts ON true WHERE {visibility.visible.sql("p", VIEWER)};
COMMENT ON VIEW peer.post IS E'@primaryKey id\\n@foreignKey (author_id) references peer.person (id)|@fieldName author\\n@foreignKey (quoted_post_id) references peer.quote (id)|@fieldName quoted';

CREATE VIEW peer.picture AS SELECT pi.post_id, pi.position, i.id AS image_id, i.prefix, i.width, i.height, i.blurhash, pi.alt_text, i.generated
FROM post_images pi JOIN images i ON i.id = pi.image_id;
COMMENT ON VIEW peer.picture IS E'@primaryKey post_id,position\\n@foreignKey (post_id) references peer.post (id)|@foreignSimpleFieldName images';
CREATE FUNCTION peer.picture_url(image peer.picture, size text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT '/media/' || image.prefix || '/' || size $$;

CREATE VIEW peer.facet AS SELECT p.id AS post_id, f.place, (f.facet ->> 'start')::int AS start, (f.facet ->> 'end')::int AS "end",
    f.facet ->> 'kind' AS kind, f.facet ->> 'value' AS value, (f.facet ->> 'user_id')::bigint AS person_id
FROM posts p, jsonb_array_elements(p.facets) WITH ORDINALITY AS f (facet, place);
COMMENT ON VIEW peer.facet IS E'@primaryKey post_id,place\\n@foreignKey (post_id) references peer.post (id)|@foreignSimpleFieldName facets\\n@foreignKey (person_id) references peer.person (id)|@fieldName person';

CREATE VIEW peer.entry AS SELECT 0::bigint AS key, 0::bigint AS post_id, 0::bigint AS reposter_id, false AS more, ''::text AS live_cursor
WHERE false;
COMMENT ON VIEW peer.entry IS E'@primaryKey key\\n@foreignKey (post_id) references peer.post (id)|@fieldName post\\n@foreignKey (reposter_id) references peer.person (id)|@fieldName reposter';
CREATE FUNCTION peer.home(size int) RETURNS SETOF peer.entry LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE me bigint := {VIEWER};
BEGIN
    {_page("home")}
    IF NOT FOUND THEN
        {_page("thorough")}
    END IF;
END $$;"""


def _person(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    more: dict[str, Any] = {}
    if "displayName" in row:
        more = {name: row[name] for name in ("displayName", "viewerIsFollowing")} | {
            "avatar": row["avatar"] and {"url": row["avatar"]["url"]}
        }
    return {"id": f"user_{row['rowId']}", "handle": row["handle"], **more}


def _quoted(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    if row["reason"] is not None:
        return {"__typename": "UnavailablePost", "reason": row["reason"]}
    told = {"id": f"post_{row['rowId']}", "text": row["text"], "author": _person(row["author"])}
    return {"__typename": "Post", **told}


def _feature(facet: Mapping[str, Any]) -> dict[str, Any]:
    if facet["kind"] == "mention":
        return {"__typename": "MentionFacet", "user": _person(facet["person"])}
    if facet["kind"] == "hashtag":
        return {"__typename": "HashtagFacet", "hashtag": {"name": facet["value"]}}
    return {"__typename": "LinkFacet", "url": facet["value"]}


SAME = [
    "version",
    "text",
    "createdAt",
    "editedAt",
    "visibility",
    "contentWarning",
    "viewerHasLiked",
    "viewerHasReposted",
    "viewerHasBookmarked",
    "viewerCanReply",
    "viewerCanQuote",
    "viewerCanRemix",
]
PICTURE = ["url", "width", "height", "blurhash", "altText", "generated"]
COUNTERS = {
    "likeCount": "likes",
    "repostCount": "reposts",
    "replyCount": "replies",
    "quoteCount": "quotes",
    "remixCount": "remixes",
}


def _post(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"post_{row['rowId']}",
        **{name: row[name] for name in SAME},
        **{name: row[theirs] for name, theirs in COUNTERS.items()},
        "facets": [{"start": one["start"], "end": one["end"], "feature": _feature(one)} for one in row["facets"]],
        "author": _person(row["author"]),
        "images": [{"id": f"image_{one['imageId']}", **{name: one[name] for name in PICTURE}} for one in row["images"]],
        "quotedPost": _quoted(row["quoted"]),
    }


def in_our_shape(answer: Mapping[str, Any]) -> dict[str, Any]:
    """PostGraphile's answer to `DOCUMENT` as the operation Home has it."""
    entries = answer["data"]["home"]
    edges = [
        {"cursor": entry["key"], "repostedBy": _person(entry["reposter"]), "node": _post(entry["post"])}
        for entry in entries
    ]
    page = {"hasNextPage": bool(entries and entries[0]["more"]), "hasPreviousPage": False}
    ends = {"startCursor": entries[0]["key"], "endCursor": entries[-1]["key"]} if entries else {}
    shown = {
        "edges": edges,
        "pageInfo": {**dict.fromkeys(("startCursor", "endCursor")), **page, **ends},
        "liveCursor": entries[0]["liveCursor"] if entries else None,
    }
    return {"data": {"viewer": {"homeTimeline": shown}}}
