import { Link, useLocation } from 'react-router';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import styles from './SignedOut.module.css';

/** In place of a page that is for who is signed in: the way in, and back here. */
export function SignedOut({ title, text: why }: { title: string; text: string }) {
  const text = useText();
  const { pathname, search } = useLocation();
  const back = new URLSearchParams({ next: pathname + search });
  return (
    <Empty title={title} text={why}>
      <div className={styles.ways}>
        <Link to={`${places.logIn}?${back}`} className={buttonClass()}>
          {text.session.logIn}
        </Link>
        <Link to={`${places.signUp}?${back}`} className={buttonClass({ look: 'quiet' })}>
          {text.session.signUp}
        </Link>
      </div>
    </Empty>
  );
}
