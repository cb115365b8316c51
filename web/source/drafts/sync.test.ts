import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { draftOf, placeOf } from '~/compose/draft';
import { follow, hold } from './sync';

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('what is being scheduled is not kept as another draft meanwhile', () => {
  const asked = vi.fn(() => new Promise<GraphQLResponse>(() => undefined));
  const environment = new Environment({ network: Network.create(asked), store: new Store(new RecordSource()) });
  const store = draftOf(placeOf('user_1', {}));
  const end = follow(environment, store, [], {}, 'PUBLIC');
  store.update((now) => ({ ...now, text: 'Tomorrow' }));
  const letGo = hold(store);
  vi.advanceTimersByTime(60_000);
  expect(asked).not.toHaveBeenCalled();
  letGo();
  store.update((now) => ({ ...now, text: 'Tomorrow, or never' }));
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(1);
  end();
});
