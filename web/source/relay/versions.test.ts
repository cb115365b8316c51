import { expect, test } from 'vitest';
import { Versions } from './versions';

const answer = (version: number, likeCount: number) => ({ node: { id: 'post_1', version, likeCount, text: 'a' } });

test('a late answer does not undo what a newer event told', () => {
  const versions = new Versions();
  versions.freshen(answer(7, 12));
  const late = answer(5, 3);
  versions.freshen(late);
  expect(late.node).toEqual({ id: 'post_1', version: 7, likeCount: 12, text: 'a' });
});

test('a newer one passes, in lists too, and is what counts from then on', () => {
  const versions = new Versions();
  versions.freshen(answer(7, 12));
  const page = { edges: [answer(8, 11), answer(8, 11)] };
  versions.freshen(page);
  expect(page.edges[1]?.node.likeCount).toBe(11);
  const late = answer(7, 12);
  versions.freshen(late);
  expect(late.node.likeCount).toBe(11);
});

test('what carries no version is left as it is', () => {
  const versions = new Versions();
  const person = { id: 'user_1', followerCount: 3 };
  versions.freshen(person);
  versions.freshen({ id: 'user_1', followerCount: 9 });
  expect(person).toEqual({ id: 'user_1', followerCount: 3 });
});

test('a late answer does not start a finished job again', () => {
  const versions = new Versions();
  const outputs = [{ index: 0, state: 'SUCCEEDED' }];
  versions.freshen({ job: { id: 'job_1', version: 4, state: 'SUCCEEDED', outputs } });
  const late = { id: 'job_1', version: 2, state: 'RUNNING', outputs: [{ index: 0, state: 'PENDING' }] };
  versions.freshen({ edges: [{ node: late }] });
  expect(late).toEqual({ id: 'job_1', version: 4, state: 'SUCCEEDED', outputs });
});
