import { Environment, Network, RecordSource, Store } from 'relay-runtime';
import { expect, test, vi } from 'vitest';
import usePostsLiveQuery from '~/__generated__/usePostsLiveQuery.graphql';
import { Unreachable } from './failure';
import { fetchSurely } from './fetchSurely';

test('what has to be fetched is asked for until there is an answer', async () => {
  const answers = [
    () => Promise.reject(new Unreachable()),
    () => Promise.reject(new Unreachable()),
    () => Promise.resolve({ data: { nodes: [] } }),
  ];
  const fetch = vi.fn(() => (answers.shift() ?? (() => Promise.reject(new Error('asked too often'))))());
  const environment = new Environment({ network: Network.create(fetch), store: new Store(new RecordSource()) });
  await fetchSurely(environment, usePostsLiveQuery, { ids: [] });
  expect(fetch).toHaveBeenCalledTimes(3);
});
