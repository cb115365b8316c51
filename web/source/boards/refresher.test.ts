import { expect, test } from 'vitest';
import { refresher } from './refresher';

test('what is asked for while it runs is run once more, and never two at once', async () => {
  const anew = refresher();
  const ends: (() => void)[] = [];
  let runs = 0;
  const refresh = () => {
    runs += 1;
    return new Promise<void>((done) => ends.push(done));
  };
  const whole = anew(refresh);
  void anew(refresh);
  void anew(refresh);
  expect(runs).toBe(1);
  ends[0]?.();
  await Promise.resolve();
  expect(runs).toBe(2);
  ends[1]?.();
  await whole;
  expect(runs).toBe(2);
  void anew(refresh);
  expect(runs).toBe(3);
});
