import { ArrowDown, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import styles from './GoOn.module.css';

/** The way to where one stopped reading, here or on another device. */
export function GoOn({ onGo, busy }: { onGo: () => void; busy: boolean }) {
  const { home } = useText();
  const [away, setAway] = useState(false);
  if (away) return null;
  return (
    <div className={styles.line}>
      <Button look="quiet" onClick={onGo} busy={busy} data-act="go-on">
        <ArrowDown aria-hidden="true" />
        {home.goOn}
      </Button>
      <Button look="quiet" onClick={() => setAway(true)} aria-label={home.stayHere}>
        <X aria-hidden="true" />
      </Button>
    </div>
  );
}
