import { keep, readKept } from '~/state/kept';
import { createStore } from '~/state/store';

export type Theme = 'system' | 'light' | 'dark';

const KEPT = 'theme';

/** What the reader chose; `public/theme.js` applies it before the first paint. */
export const theme = createStore<Theme>(first());

function first(): Theme {
  const kept = readKept(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Show this theme from now on, here and at the next visit. */
export function chooseTheme(next: Theme): void {
  keep(KEPT, next === 'system' ? null : next);
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  colourBars(next);
  theme.set(next);
}

const GROUND = { light: '#fdfcfa', dark: '#131210' }; // as in tokens.css; a <meta> cannot read them

/** The bars that a phone draws around the page, in the colour of its ground. */
function colourBars(chosen: Theme): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const system = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = GROUND[chosen === 'system' ? system : chosen];
  }
}
