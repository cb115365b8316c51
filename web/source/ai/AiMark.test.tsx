import { readFileSync } from 'node:fs';
import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { contrast, hex } from '~/design/contrast';
import { en } from '~/i18n/en';
import { fr } from '~/i18n/fr';
import { ViewerContext } from '~/session/viewer';
import { AiMark } from './AiMark';
import { wholeOf } from './disclosure';
import { AI_PICTURES, choiceOf, here, useShowing } from './viewing';

const GENERATED = { kind: 'GENERATED', basis: 'MADE_HERE' };
const ADA = { id: 'user_ada', handle: 'ada', displayName: 'Ada', avatarUrl: null };

beforeEach(() => act(() => here.set('SHOW')));

test('a mark says what AI did and by what that is known; nothing has none', () => {
  const { container, rerender } = render(<AiMark disclosure={GENERATED} />);
  expect(screen.getByTitle('Made with AI: made here')).toHaveTextContent('AI');
  expect(screen.getByText('Made with AI: made here')).toBeInTheDocument();
  rerender(<AiMark disclosure={{ kind: 'EDITED', basis: 'DECLARED' }} />);
  expect(screen.getByTitle('Changed with AI: its author says so')).toBeInTheDocument();
  rerender(<AiMark disclosure={null} />);
  expect(container).toBeEmptyDOMElement();
});

test('who wants labels is told in words', () => {
  render(
    <ViewerContext value={{ ...ADA, aiPictures: 'LABEL' }}>
      <AiMark disclosure={GENERATED} told />
    </ViewerContext>,
  );
  expect(screen.getByText('Made with AI')).toBeVisible();
});

test('every kind and basis has words in both languages', () => {
  for (const text of [en, fr])
    for (const kind of ['GENERATED', 'EDITED'])
      for (const basis of ['MADE_HERE', 'READ', 'DECLARED'])
        expect(wholeOf({ kind, basis }, text)).toBe(
          text.labels.whole(text.labels.kinds[kind] ?? '', text.labels.bases[basis] ?? ''),
        );
  for (const text of [en, fr])
    for (const one of AI_PICTURES) expect([text.labels.choices[one], text.labels.about[one]]).not.toContain(undefined);
});

function Showing({ of: author, ai }: { of: string; ai: boolean }) {
  const showing = useShowing(author);
  return <output>{showing({ aiDisclosure: ai ? GENERATED : null })}</output>;
}

test('a choice holds for others’ pictures that AI made, of the person or of this browser', () => {
  act(() => here.set('HIDE'));
  const { rerender } = render(<Showing of="user_bob" ai />);
  expect(screen.getByRole('status')).toHaveTextContent('HIDE');
  const seen = (author: string, ai: boolean) =>
    rerender(
      <ViewerContext value={{ ...ADA, aiPictures: 'BLUR' }}>
        <Showing of={author} ai={ai} />
      </ViewerContext>,
    );
  for (const [author, ai, shown] of [
    ['user_bob', true, 'BLUR'],
    ['user_bob', false, 'SHOW'],
    ['user_ada', true, 'SHOW'],
  ] as const) {
    seen(author, ai);
    expect(screen.getByRole('status')).toHaveTextContent(shown);
  }
  expect(localStorage.getItem('fresque.ai-pictures')).toBe('HIDE');
  expect([choiceOf('BLUR'), choiceOf('nonsense'), choiceOf(null)]).toEqual(['BLUR', 'SHOW', 'SHOW']);
});

test('the mark can be read on any picture: its ground is its own', () => {
  const sheet = readFileSync('source/ai/AiMark.module.css', 'utf8');
  const [, ground = ''] = /background: (#[0-9a-f]{6});/.exec(sheet) ?? [];
  const [, ink = ''] = /\bcolor: (#[0-9a-f]{6});/.exec(sheet) ?? [];
  expect(contrast(hex(ink), hex(ground))).toBeGreaterThanOrEqual(7);
});
