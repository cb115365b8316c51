import { useSyncExternalStore } from 'react';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { help } from '~/shell/help';
import styles from './HelpDialog.module.css';

/** The list of keys; loaded when it is first opened. */
export default function HelpDialog() {
  const { letters } = useText();
  const open = useSyncExternalStore(help.subscribe, help.get);
  const { shortcuts: text, bell } = useText();
  const rows: [string, string[]][] = [
    [text.next, ['j']],
    [text.previous, ['k']],
    [text.open, ['o']],
    [text.like, ['l']],
    [text.reply, ['r']],
    [text.repost, ['t']],
    [text.bookmark, ['b']],
    [text.compose, ['n']],
    [text.fresh, ['.']],
    [text.goHome, ['g', 'h']],
    [text.goExplore, ['g', 'e']],
    [bell.go, ['g', 'n']],
    [text.goStudio, ['g', 's']],
    [letters.goMessages, ['g', 'm']],
    [text.goBookmarks, ['g', 'b']],
    [text.search, ['/']],
    [text.help, ['?']],
  ];
  return (
    <Dialog open={open} onOpenChange={help.set} title={text.title}>
      <dl className={styles.list}>
        {rows.map(([what, keys]) => (
          <div key={what} className={styles.row}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key, index) => (
                <span key={key}>
                  {index > 0 && ` ${text.andThen} `}
                  <kbd className={styles.key}>{key}</kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
