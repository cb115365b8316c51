import { expect, test, vi } from 'vitest';
import { goesOut, rememberSignedIn, sessionEnded } from './ended';

test('a page that served one person is loaded anew for another, and for nobody else', () => {
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => undefined);
  for (const who of [null, 'user_1', 'user_1']) rememberSignedIn(who);
  expect(reload).not.toHaveBeenCalled();
  rememberSignedIn('user_2');
  expect(reload).toHaveBeenCalledOnce();
});

test('who logs out is not told that their session is over, unless it stays', () => {
  const assign = vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  const stay = goesOut();
  sessionEnded();
  expect(assign).not.toHaveBeenCalled();
  stay();
  sessionEnded();
  expect(assign).toHaveBeenCalledOnce();
});
