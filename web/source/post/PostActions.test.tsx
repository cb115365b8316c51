import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { createMemoryRouter, RouterProvider } from 'react-router';
import {
  createOperationDescriptor,
  Environment,
  type GraphQLResponse,
  getRequest,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { beforeEach, expect, test } from 'vitest';
import usePostsLiveQuery from '~/__generated__/usePostsLiveQuery.graphql';
import { messages, Toasts } from '~/design/Toast';
import { Unreachable } from '~/relay/failure';
import { ViewerContext } from '~/session/viewer';
import { PostActions } from './PostActions';

const ADA = { id: 'user_ada', handle: 'ada', displayName: 'Ada', avatarUrl: null };
const POST = {
  __typename: 'Post',
  id: 'post_1',
  version: 1,
  visibility: 'PUBLIC',
  likeCount: 2,
  repostCount: 0,
  replyCount: 0,
  quoteCount: 0,
  viewerHasLiked: false,
  viewerHasReposted: false,
  viewerHasBookmarked: false,
  viewerCanReply: true,
};

type Asked = {
  name: string;
  input: Record<string, unknown>;
  answer: (data: GraphQLResponse) => void;
  fail: (error: Error) => void;
};

beforeEach(() => messages.set([]));

function open() {
  const asked: Asked[] = [];
  const environment = new Environment({
    network: Network.create(
      ({ name }, { input }) =>
        new Promise((answer, fail) => {
          asked.push({ name, input, answer, fail });
        }),
    ),
    store: new Store(new RecordSource()),
  });
  environment.commitUpdate((store) => {
    const post = store.create(POST.id, 'Post');
    for (const [field, value] of Object.entries(POST)) post.setValue(value, field);
  });
  const owner = createOperationDescriptor(getRequest(usePostsLiveQuery), { ids: [POST.id] }).request;
  const key = { __id: POST.id, __fragments: { usePostActions_post: {} }, __fragmentOwner: owner };
  const router = createMemoryRouter([{ path: '/', element: <PostActions post={key as never} /> }]);
  render(
    <RelayEnvironmentProvider environment={environment}>
      <ViewerContext value={ADA}>
        <RouterProvider router={router} />
        <Toasts />
      </ViewerContext>
    </RelayEnvironmentProvider>,
  );
  return { asked, environment, user: userEvent.setup() };
}

const like = () => screen.getByRole('button', { name: /like/i });

test('a like shows at once and stays as the answer says', async () => {
  const { asked, user } = open();
  await user.click(like());
  expect(like()).toHaveAttribute('aria-pressed', 'true');
  expect(like()).toHaveTextContent('3');
  expect(asked[0]).toMatchObject({ name: 'usePostActionsLikeMutation', input: { postId: 'post_1' } });
  expect(asked[0]?.input.idempotencyKey).toMatch(/^[0-9a-f]{32}$/);
  const post = { id: 'post_1', version: 4, likeCount: 7, viewerHasLiked: true };
  await act(async () => asked[0]?.answer({ data: { likePost: { post, userErrors: [] } } }));
  expect(like()).toHaveTextContent('7');
  expect(messages.get()).toEqual([]);
});

test('a refused like is taken back, and says why', async () => {
  const { asked, user } = open();
  await user.click(like());
  await act(async () => asked[0]?.answer({ data: { likePost: { post: null, userErrors: [{ code: 'NOT_FOUND' }] } } }));
  expect(like()).toHaveAttribute('aria-pressed', 'false');
  expect(like()).toHaveTextContent('2');
  expect(await screen.findByText('That is no longer there.')).toBeInTheDocument();
});

test('a like that never arrived is taken back, and says so', async () => {
  const { asked, user } = open();
  await user.click(like());
  await act(async () => asked[0]?.fail(new Unreachable()));
  expect(like()).toHaveAttribute('aria-pressed', 'false');
  await waitFor(() => expect(screen.getByText(/cannot be reached/)).toBeInTheDocument());
});

test('a live count under a like that is on its way is not counted twice', async () => {
  const { asked, environment, user } = open();
  await user.click(like());
  await act(async () => environment.commitUpdate((store) => void store.get('post_1')?.setValue(3, 'likeCount')));
  expect(like()).toHaveTextContent('3');
  const post = { id: 'post_1', version: 4, likeCount: 3, viewerHasLiked: true };
  await act(async () => asked[0]?.answer({ data: { likePost: { post, userErrors: [] } } }));
  expect(like()).toHaveTextContent('3');
});
