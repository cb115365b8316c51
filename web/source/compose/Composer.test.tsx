import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';
import { beforeEach, expect, test, vi } from 'vitest';
import { Unreachable } from '~/relay/failure';
import { ViewerContext } from '~/session/viewer';
import { Composer } from './Composer';
import { draftOf, EMPTY, placeOf } from './draft';

const ADA = { id: 'user_ada', handle: 'ada', displayName: 'Ada', avatarUrl: null };
const store = draftOf(placeOf(ADA.id, {}));

beforeEach(() => {
  localStorage.clear();
  store.set(EMPTY);
});

type Asked = {
  input: Record<string, unknown>;
  answer: (response: GraphQLResponse) => void;
  fail: (error: Error) => void;
};

function open() {
  const asked: Asked[] = [];
  const environment = new Environment({
    network: Network.create(
      (_, { input }) =>
        new Promise((answer, fail) => {
          asked.push({ input, answer, fail });
        }),
    ),
    store: new Store(new RecordSource()),
  });
  const onPosted = vi.fn();
  const router = createMemoryRouter([{ path: '/', element: <Composer onPosted={onPosted} /> }]);
  render(
    <RelayEnvironmentProvider environment={environment}>
      <ViewerContext value={ADA}>
        <RouterProvider router={router} />
      </ViewerContext>
    </RelayEnvironmentProvider>,
  );
  const last = () => asked.at(-1) as Asked;
  const refuse = (...userErrors: { code: string; path: string[] }[]) =>
    act(async () => last().answer({ data: { createPost: { post: null, userErrors } } }));
  const lose = () => act(async () => last().fail(new Unreachable()));
  const button = () => screen.getByRole('button', { name: 'Post' });
  return { asked, last, refuse, lose, onPosted, button, user: userEvent.setup() };
}

const field = () => screen.getByRole('textbox', { name: 'Text of the post' });

test('a lost answer keeps the words, and sending them again uses the same key', async () => {
  const { last, lose, onPosted, user, button } = open();
  expect(button()).toBeDisabled();
  await user.type(field(), 'A wall');
  await user.click(button());
  const { idempotencyKey } = last().input;
  expect(last().input).toMatchObject({ text: 'A wall', visibility: 'PUBLIC', images: [], replyToId: null });
  await lose();
  expect(field()).toHaveValue('A wall');
  expect(screen.getByRole('alert')).toHaveTextContent('No answer came');
  await user.click(button());
  expect(last().input.idempotencyKey).toBe(idempotencyKey);
  await lose();
  await user.type(field(), '!');
  await user.click(button());
  expect(last().input.idempotencyKey).not.toBe(idempotencyKey);
  expect(onPosted).not.toHaveBeenCalled();
});

test('a refusal stands beside the text, loses nothing, and the next try is another one', async () => {
  const { last, refuse, user, button } = open();
  await user.type(field(), 'Rude words');
  await user.keyboard('{Control>}{Enter}{/Control}');
  const { idempotencyKey } = last().input;
  await refuse({ code: 'CONTENT_BLOCKED', path: ['text'] });
  expect(field()).toHaveValue('Rude words');
  expect(field()).toBeInvalid();
  expect(field()).toHaveAccessibleDescription('The safety check did not let this through.');
  await user.click(button());
  expect(last().input.idempotencyKey).not.toBe(idempotencyKey);
});

test('what is too long or has a picture on its way is not sent', async () => {
  const { asked, user, button } = open();
  act(() => store.update((now) => ({ ...now, text: 'a'.repeat(501) })));
  expect(button()).toBeDisabled();
  await user.type(field(), '{Control>}{Enter}{/Control}');
  expect(asked).toEqual([]);
  act(() =>
    store.set({
      ...EMPTY,
      text: 'A picture',
      pictures: [{ key: 'a', altText: '', upload: { at: 'sending', fraction: 0.5 }, preview: 'blob:nothing' }],
    }),
  );
  expect(button()).toBeDisabled();
  act(() => store.update((now) => ({ ...now, pictures: [] })));
  expect(button()).toBeEnabled();
});

test('the draft is there again when the composer comes back, and gone for another person', async () => {
  const { user } = open();
  await user.type(field(), 'Half a sen');
  expect(localStorage.getItem('fresque.draft.user_ada.new')).toContain('Half a sen');
  expect(draftOf(placeOf('user_bo', {})).get().text).toBe('');
});
