import { useEffect, useState, useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import { line, online, outdated } from '~/relay/connection';
import { useViewer } from '~/session/viewer';
import styles from './LineNotice.module.css';

const QUIET_MILLISECONDS = 2_500; // a break that heals sooner is nobody's business

/** Says quietly that the line is down, and goes by itself. */
export function LineNotice() {
  const text = useText();
  const viewer = useViewer();
  const isOnline = useSyncExternalStore(online.subscribe, online.get);
  const isOutdated = useSyncExternalStore(outdated.subscribe, outdated.get);
  const lost = useLasting(useSyncExternalStore(line.subscribe, line.get) === 'lost') && !viewer?.isSuspended; // nobody talks to them meanwhile
  const words = isOutdated
    ? text.connection.outdated
    : !isOnline
      ? text.connection.offline
      : lost
        ? text.connection.reconnecting
        : '';
  return (
    <div role="status">
      {words && (
        <div className={styles.notice}>
          {words}
          {isOutdated && (
            <button type="button" onClick={() => location.reload()}>
              {text.connection.reload}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** True once it has been true for a while. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), QUIET_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [now]);
  return lasting;
}
