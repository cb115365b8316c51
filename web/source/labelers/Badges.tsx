import { Tag, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import { useLanguage, useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Badges.module.css';
import { type Badge, wordingOf } from './summed';

/** What labelers say of something, each with who says so. */
export function Badges({ badges }: { badges: readonly Badge[] }) {
  const { labels } = useText();
  const language = useLanguage();
  if (!badges.length) return null;
  return (
    <ul className={styles.badges}>
      {badges.map(({ key, handle, alert, wordings }) => {
        const { name, description } = wordingOf(wordings, language);
        return (
          <li key={key} className={styles.badge} data-alert={alert || undefined} title={description || undefined}>
            {alert ? <TriangleAlert aria-hidden="true" /> : <Tag aria-hidden="true" />}
            <span className="visually-hidden">{labels.label}</span>
            <bdi>{name}</bdi>
            <Link to={places.person(handle)} aria-label={labels.by(handle)}>
              @{handle}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
