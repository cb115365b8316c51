import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { createMemoryRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';
import { expect, test, vi } from 'vitest';
import { en } from '~/i18n/en';
import { Component as LogInPage } from './LogInPage';

type Refusal = { code: string; path: string[] | null; retryAfter: number | null };

/** The page at an address, and a server that answers tries to log in when it is told how. */
function visit(address: string) {
  const tries: ((answer: GraphQLResponse) => void)[] = [];
  const network = Network.create(({ name }) => {
    if (name !== 'LogInPageMutation') return { data: { exploreTimeline: null } };
    return new Promise<GraphQLResponse>((resolve) => tries.push(resolve));
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const router = createMemoryRouter([{ path: '/login', Component: LogInPage }], { initialEntries: [address] });
  render(
    <RelayEnvironmentProvider environment={environment}>
      <RouterProvider router={router} />
    </RelayEnvironmentProvider>,
  );
  const answer = (...userErrors: Refusal[]) =>
    act(async () => {
      const viewer = userErrors.length ? null : { user: { id: 'user_1' } };
      tries.shift()?.({ data: { logIn: { viewer, pendingLogin: null, userErrors } } });
    });
  return { tries, answer };
}

const login = () => screen.getByLabelText(en.session.login);
const password = () => screen.getByLabelText(en.session.password);

async function logIn(name: string, secret: string) {
  const user = userEvent.setup();
  if (name) await user.type(login(), name);
  if (secret) await user.type(password(), secret);
  await user.click(screen.getByRole('button', { name: en.session.logIn }));
}

test('an empty form is not sent: the first empty field says so and has focus', async () => {
  const { tries } = visit('/login');
  await logIn('', 'secret words');
  expect(tries).toEqual([]);
  expect(login()).toHaveAccessibleDescription(en.signing.missing);
  expect(login()).toHaveFocus();
});

test('a wrong password is told beside the field, which has focus', async () => {
  const { answer } = visit('/login');
  await logIn('ada', 'wrong words');
  await answer({ code: 'UNAUTHENTICATED', path: ['password'], retryAfter: null });
  expect(password()).toHaveAccessibleDescription(en.session.wrong);
  expect(password()).toHaveFocus();
});

test('after too many tries it says when the next is taken, and counts down to it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  try {
    const { answer } = visit('/login');
    await logIn('ada', 'wrong words');
    await answer({ code: 'RATE_LIMITED', path: null, retryAfter: 65 });
    expect(screen.getByRole('alert')).toHaveTextContent(en.signing.tooMany('in 2 minutes'));
    expect(screen.getByRole('button', { name: en.signing.again('1:05') })).toBeDisabled();
    act(() => void vi.advanceTimersByTime(62_000));
    expect(screen.getByRole('button', { name: en.signing.again('0:03') })).toBeDisabled();
    act(() => void vi.advanceTimersByTime(4_000));
    expect(screen.getByRole('button', { name: en.session.logIn })).toBeEnabled();
  } finally {
    vi.useRealTimers();
  }
});

test('who was led here goes back to where they were, and never elsewhere', async () => {
  const gone = vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  const { answer } = visit('/login?next=%2Fpost%2Fpost_1&why=ended');
  expect(screen.getByText(en.session.expired)).toBeVisible();
  await logIn('ada', 'the right words');
  await answer();
  expect(gone).toHaveBeenCalledWith('/post/post_1');
});

test('the password can be looked at', async () => {
  visit('/login');
  expect(password()).toHaveAttribute('type', 'password');
  await userEvent.click(screen.getByRole('button', { name: en.signing.showPassword }));
  expect(password()).toHaveAttribute('type', 'text');
});
