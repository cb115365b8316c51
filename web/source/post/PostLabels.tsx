import { Flag } from 'lucide-react';
import { useText } from '~/i18n/language';
import styles from '~/labelers/Badges.module.css';

/** What moderators say of something, for all to see. */
export function PostLabels({ values }: { values: readonly string[] }) {
  const text = useText().reporting;
  return (
    <ul className={styles.badges}>
      {values.map((value) => (
        <li key={value} className={styles.badge}>
          <Flag aria-hidden="true" />
          <span className="visually-hidden">{text.labelled('')}</span>
          {text.labels[value] ?? value}
        </li>
      ))}
    </ul>
  );
}
