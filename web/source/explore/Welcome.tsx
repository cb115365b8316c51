import { Link } from 'react-router';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Welcome.module.css';

/** What Fresque is, for who comes for the first time. */
export function Welcome() {
  const text = useText();
  return (
    <section className={styles.welcome}>
      <h2>{text.explore.welcome}</h2>
      <p>{text.explore.welcomeText}</p>
      <div className={styles.buttons}>
        <Link to={places.signUp} className={buttonClass()}>
          {text.session.signUp}
        </Link>
        <Link to={places.logIn} className={buttonClass({ look: 'quiet' })}>
          {text.session.logIn}
        </Link>
      </div>
    </section>
  );
}
