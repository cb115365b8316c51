import { expect, it } from 'vitest';
import { shares, voted } from './count';

it('tells shares of all votes', () => {
  expect(shares([0, 0])).toEqual([0, 0]);
  expect(shares([1, 2, 1])).toEqual([25, 50, 25]);
});

it('counts one vote where results are known', () => {
  const option = (index: number, voteCount: number | null) => ({ index, text: 'x', voteCount });
  const open = voted({ voterCount: 3, options: [option(0, 1), option(1, 2)] }, [1]);
  expect(open.options.map((one) => one.voteCount)).toEqual([1, 3]);
  expect([open.voterCount, open.viewerCanVote]).toEqual([4, false]);
  const hidden = voted({ voterCount: 3, options: [option(0, null), option(1, null)] }, [1]);
  expect(hidden.options.map((one) => one.voteCount)).toEqual([null, null]);
});
