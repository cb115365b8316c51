import { Link } from 'react-router';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Brand.module.css';
import { Mark } from './Mark';

/** The way home on a phone, where no rail shows the mark: for pages that one may come to from outside. */
export function Brand() {
  const text = useText();
  return (
    <Link to={places.home} className={styles.brand} aria-label={text.name}>
      <Mark word />
    </Link>
  );
}
