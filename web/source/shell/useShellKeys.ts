import { useNavigate } from 'react-router';
import { compose } from '~/compose/open';
import { useKeys } from '~/keys/keys';
import { places } from '~/routing/places';
import { askToLogIn } from '~/session/ended';
import { openHelp } from './help';

/** The keys that work on every page. */
export function useShellKeys(): void {
  const navigate = useNavigate();
  useKeys({
    n: (event) => {
      event.preventDefault(); // the letter must not land in the field that opens
      compose();
    },
    '?': openHelp,
    '/': (event) => {
      const field = document.querySelector<HTMLElement>('[data-search]');
      event.preventDefault();
      if (field) field.focus();
      else void navigate(places.search);
    },
    'g h': () => void navigate(places.home),
    'g e': () => void navigate(places.explore),
    'g n': () => void navigate(places.notifications),
    'g s': () => void navigate(places.studio),
    'g m': () => void navigate(places.messages),
    'g b': () => void navigate(places.bookmarks),
  });
}

/** Open the composer, or the log-in for who is nobody yet. */
export function composeAs(signedIn: boolean): void {
  if (signedIn) compose();
  else askToLogIn();
}
