import { describe, expect, it } from 'vitest';
import { diff } from './diff';

const sides = (before: string, after: string) => {
  const found = diff(before, after);
  const of = (other: string) =>
    found
      .filter(({ is }) => is === 'kept' || is === other)
      .map(({ text }) => text)
      .join('');
  return [of('removed'), of('added')];
};

describe('diff', () => {
  it('shows words that came and went, the old before the new', () => {
    expect(diff('A red fox', 'A blue fox')).toEqual([
      { is: 'kept', text: 'A ' },
      { is: 'removed', text: 'red' },
      { is: 'added', text: 'blue' },
      { is: 'kept', text: ' fox' },
    ]);
    expect(diff('same', 'same')).toEqual([{ is: 'kept', text: 'same' }]);
    expect(diff('', 'new')).toEqual([{ is: 'added', text: 'new' }]);
    expect(diff('old', '')).toEqual([{ is: 'removed', text: 'old' }]);
    expect(diff('', '')).toEqual([]);
  });
  it('gives both texts back, whatever is in them', () => {
    const texts = [
      '',
      'a b c',
      'c b a',
      '👩‍👩‍👧‍👦 famille',
      '日本語の文章です',
      'مرحبا بالعالم',
      'a  b\n\nc',
      'a b c d e f g',
      'b d f',
    ];
    for (const before of texts) for (const after of texts) expect(sides(before, after)).toEqual([before, after]);
  });
});
