import { act, render, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { outdated } from '~/relay/connection';
import { Unreachable } from '~/relay/failure';
import { later, page } from './later';

const LONG_MILLISECONDS = 60_000;
const gone = () => new TypeError('Failed to fetch dynamically imported module: /assets/Part-1.js');
const Part = () => <p>There</p>;

beforeEach(() => {
  vi.useFakeTimers();
  outdated.set(false);
  vi.stubGlobal('fetch', () => Promise.resolve(new Response()));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function shown(load: () => Promise<{ default: typeof Part }>) {
  const Late = later(load);
  render(
    <Suspense fallback="Coming">
      <Late />
    </Suspense>,
  );
  await act(() => vi.advanceTimersByTimeAsync(LONG_MILLISECONDS));
}

test('code that did not come is asked for until it does, and nothing breaks meanwhile', async () => {
  const load = vi.fn(async () => {
    if (load.mock.calls.length < 2) throw gone();
    return { default: Part };
  });
  await shown(load);
  expect(screen.getByText('There')).toBeVisible();
  expect(load).toHaveBeenCalledTimes(2);
  expect(outdated.get()).toBe(false);
});

test('where the server answers, code that never comes means that Fresque was updated', async () => {
  await shown(() => Promise.reject(gone()));
  expect(screen.getByText('Coming')).toBeVisible();
  expect(outdated.get()).toBe(true);
});

test('where nothing answers it means nothing yet', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await shown(() => Promise.reject(gone()));
  expect(outdated.get()).toBe(false);
});

test('a page whose code does not come cannot be reached; a fault in it is a fault', async () => {
  await expect(page(() => Promise.reject(gone()))()).rejects.toBeInstanceOf(Unreachable);
  await expect(page(() => Promise.reject(new RangeError('a fault')))()).rejects.toBeInstanceOf(RangeError);
});
