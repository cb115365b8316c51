// A client on what the client preset made of tests/operations/core.graphql: compiled by `tsc --strict`, then run.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import {
  CreatePostDocument,
  type ErrorCode,
  ErrorsFragmentDoc,
  HomeDocument,
  PostCardFragmentDoc,
  PostCoreFragmentDoc,
  type PostCoreFragment,
  UserPageDocument,
} from './generated/graphql.js';
import { useFragment as unmask } from './generated/fragment-masking.js';
import type { ExploreQuery as PlainExplore, HomeQuery as PlainHome } from './generated/graphql.js';
import type { ExploreQuery as HandlingExplore, HomeQuery as HandlingHome } from './handling/graphql.js';

declare const process: { env: Record<string, string | undefined> };

type IsAny<Type> = 0 extends 1 & Type ? true : false;
const dateTimeIsAny: IsAny<PostCoreFragment['createdAt']> = false;

// What is null only by an error is null to a plain client and never to one that handles errors; what is null when nobody is
// signed in is null to both.
type CanBeNull<Type> = null extends Type ? true : false;
const plain: [CanBeNull<PlainExplore['exploreTimeline']>, CanBeNull<PlainHome['viewer']>] = [true, true];
const handling: [CanBeNull<HandlingExplore['exploreTimeline']>, CanBeNull<HandlingHome['viewer']>] = [false, true];

function must<Value>(value: Value | null | undefined, name: string): Value {
  if (value === null || value === undefined) throw new Error(`${name} is missing`);
  return value;
}

async function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result> {
  const answer = await fetch(`${process.env['FRESQUE_URL']}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${process.env['ADA_TOKEN']}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await answer.json()) as { data?: Result; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return must(data, 'data');
}

const { createPost } = await ask(CreatePostDocument, { input: { text: 'From a generated client' } });
const post = unmask(PostCoreFragmentDoc, unmask(PostCardFragmentDoc, must(createPost.post, 'post')));
if (new Date(post.createdAt).toISOString() !== post.createdAt) throw new Error(post.createdAt);

const home = must((await ask(HomeDocument, { first: 1 })).viewer?.homeTimeline, 'homeTimeline');
const newest = unmask(PostCoreFragmentDoc, unmask(PostCardFragmentDoc, must(home.edges[0], 'edge').node));
if (newest.id !== post.id || newest.text !== 'From a generated client') throw new Error(newest.text);

const { user } = await ask(UserPageDocument, { handle: must(process.env['ADA_HANDLE'], 'ADA_HANDLE') });
if (must(user, 'user').postCount < 1) throw new Error('no posts are counted');

const refused = (await ask(CreatePostDocument, { input: { text: '' } })).createPost.userErrors;
const codes: ErrorCode[] = unmask(ErrorsFragmentDoc, refused).map((error) => error.code);
if (codes[0] !== 'BAD_USER_INPUT') throw new Error(String(codes));

console.log('generated operations ran', dateTimeIsAny, plain, handling);
