// A client whose types gql.tada reads off the text of each operation: checked, compiled by `tsc --strict`, then run.
import { type ResultOf, type TadaDocumentNode, initGraphQLTada, readFragment } from 'gql.tada';
import { print } from 'graphql';
import type { introspection } from './graphql-env.d.ts';

declare const process: { env: Record<string, string | undefined> };

const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>();

const Card = graphql(`
  fragment Card on Post {
    id
    text
    createdAt
    visibility
    quotedPost {
      __typename
      ... on Post { id }
      ... on UnavailablePost { reason }
    }
  }
`);
const Create = graphql(
  `
    mutation Create($input: CreatePostInput!) {
      createPost(input: $input) {
        post { ...Card }
        userErrors { code path }
      }
    }
  `,
  [Card],
);
const Explore = graphql(
  `
    query Explore($first: Int) {
      exploreTimeline(first: $first) {
        edges { cursor node { ...Card author { handle } } }
        liveCursor
      }
    }
  `,
  [Card],
);
export const Live = graphql(`
  subscription Live($ids: [ID!]!) {
    postsChanged(ids: $ids) {
      __typename
      cursor
      ... on PostChanged { post { id likeCount } }
    }
  }
`);

type IsAny<Type> = 0 extends 1 & Type ? true : false;
const nothingIsAny: [IsAny<ResultOf<typeof Card>['createdAt']>, IsAny<ResultOf<typeof Live>['postsChanged']>] = [false, false];

async function ask<Result, Variables>(document: TadaDocumentNode<Result, Variables>, variables: Variables): Promise<Result> {
  const answer = await fetch(`${process.env['FRESQUE_URL']}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env['ADA_TOKEN']}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await answer.json()) as { data: Result; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const { createPost } = await ask(Create, { input: { text: 'Typed by gql.tada', visibility: 'PUBLIC' } });
const made = readFragment(Card, createPost.post);
if (made === null || made.text !== 'Typed by gql.tada') throw new Error(JSON.stringify(createPost));

const { exploreTimeline } = await ask(Explore, { first: 20 });
const texts = (exploreTimeline?.edges ?? []).map((edge) => readFragment(Card, edge.node).text);
if (!texts.includes(made.text)) throw new Error(texts.join());

console.log('typed operations ran', nothingIsAny);
