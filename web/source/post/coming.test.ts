import { beforeEach, expect, test } from 'vitest';
import { coming, heardOfPost, noLongerComing } from './coming';

beforeEach(() => coming.set({}));

test('each post has its own bar, which never falls, and the latest partial picture of each place', () => {
  heardOfPost({ postId: 'a', fraction: 0.4, previewUrl: 'one', outputIndex: 0 });
  heardOfPost({ postId: 'a', fraction: 0.2, previewUrl: 'two', outputIndex: 1 });
  heardOfPost({ postId: 'a', fraction: null, previewUrl: 'three', outputIndex: 0 });
  heardOfPost({ postId: 'b', fraction: 0.1, previewUrl: null, outputIndex: null });
  heardOfPost({ fraction: 1 });
  expect(coming.get()).toEqual({
    a: { fraction: 0.4, previews: { 0: 'three', 1: 'two' } },
    b: { fraction: 0.1, previews: {} },
  });
  noLongerComing('a');
  expect(Object.keys(coming.get())).toEqual(['b']);
  const now = coming.get();
  noLongerComing('a');
  expect(coming.get()).toBe(now);
});
