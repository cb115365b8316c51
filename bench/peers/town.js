// What every peer asks of the database: the statements of the product itself, prepared, through a pool of `pg`.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';

const { pool: max, options, ...statements } = JSON.parse(readFileSync(process.env.PEER_STATEMENTS, 'utf8'));
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max, min: max, options });
const NEWEST = '9223372036854775807';

export const schema = readFileSync(new URL('home.graphql', import.meta.url), 'utf8');

/** Rows of a statement, prepared once per connection. */
async function rows(name, ...values) {
  return (await pool.query({ name, text: statements[name], values })).rows;
}

/** The id of whoever sends this request, or null. */
export async function identify(header) {
  const token = header?.startsWith('Bearer ') ? header.slice(7) : null;
  if (token === null) return null;
  const [row] = await rows('identify', createHash('sha256').update(token).digest('hex'), 300, true);
  return row?.user_id ?? null;
}

/** People by id, in the order asked; null for who is gone. */
export async function people(viewer, ids) {
  const found = new Map();
  for (const row of await rows('users', viewer, [...new Set(ids)])) found.set(row.id, row);
  return ids.map((id) => found.get(id) ?? null);
}

/** A page of a home: its posts with pictures, counters, the viewer's state and what they quote. */
export async function home(viewer, first) {
  let entries = await rows('home', viewer, NEWEST, '0', first + 1);
  if (entries[0].short) entries = await rows('thorough', viewer, NEWEST, '0', first + 1);
  const head = entries[0];
  const page = entries.filter((entry) => entry.key !== null);
  const more = page.length > first;
  if (more) page.length = first;
  const posts = new Map();
  if (page.length > 0) {
    for (const row of await rows('posts', viewer, page.map((entry) => entry.post_id))) posts.set(row.id, row);
  }
  const edges = page.map((entry) => ({ cursor: entry.key, reposter: entry.reposter_id, node: seen(posts.get(entry.post_id), posts, viewer) }));
  return {
    edges,
    liveCursor: `${head.epoch}.${head.xid}.${head.event_id}`,
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function seen(row, posts, viewer) {
  row.viewer = viewer;
  if (row.quoted_post_id !== null) {
    const quoted = posts.get(row.quoted_post_id);
    row.quoted = quoted?.seen ? Object.assign(quoted, { viewer }) : quoted ? { reason: reason(quoted) } : null;
  }
  return row;
}

function reason(row) {
  if (row.deleted) return 'DELETED';
  return row.blocking ? 'BLOCKED' : 'NOT_VISIBLE';
}

// Ids in JSON are numbers above 2^53; a person's are multiples of 2^16, so none of them is rounded.
const mentioned = (facet) => (facet.user_id === null ? null : BigInt(facet.user_id).toString());
const features = {
  mention: (facet) => ({ __typename: 'MentionFacet', person: mentioned(facet) }),
  hashtag: (facet) => ({ __typename: 'HashtagFacet', hashtag: { name: facet.value } }),
  link: (facet) => ({ __typename: 'LinkFacet', url: facet.value }),
};
const open = (row) => row.visibility === 'PUBLIC' || row.visibility === 'UNLISTED';
const picture = ([id, prefix, , width, height, blurhash, altText, generated]) => ({ id, prefix, width, height, blurhash, altText, generated });

/** Resolvers that need no further rows; who is the author, the reposter and the mentioned is each peer's own business. */
export const resolvers = {
  User: {
    id: (row) => `user_${row.id}`,
    displayName: (row) => row.display_name,
    avatar: (row) => (row.prefix === null ? null : { id: row.avatar_id, prefix: row.prefix, width: row.width, height: row.height, blurhash: row.blurhash, altText: row.alt_text, generated: row.generated }),
    viewerIsFollowing: (row) => row.following,
  },
  Image: { id: (image) => `image_${image.id}`, url: (image, { size }) => `/media/${image.prefix}/${size}` },
  Facet: { feature: (facet) => features[facet.kind](facet) },
  FacetFeature: { __resolveType: (feature) => feature.__typename },
  QuotedPost: { __resolveType: (quoted) => (quoted.reason === undefined ? 'Post' : 'UnavailablePost') },
  Post: {
    id: (row) => `post_${row.id}`,
    createdAt: (row) => row.created_at,
    editedAt: (row) => row.edited_at,
    contentWarning: (row) => row.content_warning,
    images: (row) => (row.images ?? []).map(picture),
    likeCount: (row) => row.likes,
    repostCount: (row) => row.reposts,
    replyCount: (row) => row.replies,
    quoteCount: (row) => row.quotes,
    remixCount: (row) => row.remixes,
    quotedPost: (row) => row.quoted ?? null,
    viewerHasLiked: (row) => row.liked,
    viewerHasReposted: (row) => row.reposted,
    viewerHasBookmarked: (row) => row.bookmarked,
    viewerCanReply: (row) => row.author_id === row.viewer || row.reply_policy === 'EVERYONE',
    viewerCanQuote: (row) => row.author_id === row.viewer || (row.quote_policy === 'EVERYONE' && open(row)),
    viewerCanRemix: (row) => row.remix_policy === 'EVERYONE',
  },
};
