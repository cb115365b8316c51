// What the peers of delivery share: schema, topics, and who listens. An event comes over Redis with all its values, so nobody asks
// the database, and nobody's own state is in it.
import { readFileSync } from 'node:fs';

const text = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
export const schema = text('home.graphql') + text('live.graphql');
export const redis = process.env.REDIS_URL;

/** A bench token names its person: no session is looked up. */
export const reader = (payload) => payload?.authorization?.slice('Bearer frq_bench_'.length) ?? null;

/** Subscription fields and their topics. Each peer writes in a way of its own, so their topics bear its name. */
export const topics = (peer) => ({ exploreTimeline: () => `${peer}:explore`, homeTimeline: (viewer) => `${peer}:home:${viewer}` });
