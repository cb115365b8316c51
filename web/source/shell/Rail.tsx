import { Feather } from 'lucide-react';
import { Link, NavLink } from 'react-router';
import { compose } from '~/compose/open';
import { Avatar } from '~/design/Avatar';
import { Button, buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { Mark } from './Mark';
import { navigation } from './navigation';
import styles from './Rail.module.css';

/** The first column: where one can go. Icons alone where the window is narrow; a phone has the bar instead. */
export function Rail() {
  const text = useText();
  const viewer = useViewer();
  return (
    <nav className={styles.rail} aria-label={text.places.main}>
      <Link to={places.home} className={styles.brand} aria-label={text.name}>
        <Mark word />
      </Link>
      {navigation(text, viewer).map(({ to, label, icon, end, note }) => (
        <NavLink key={to} to={to} end={end} className={styles.link}>
          {icon}
          <span className={styles.label}>{label}</span>
          {note}
        </NavLink>
      ))}
      {viewer ? (
        <>
          <Button className={styles.compose} onClick={() => compose()} aria-keyshortcuts="n">
            <Feather aria-hidden="true" />
            <span className={styles.label}>{text.places.compose}</span>
          </Button>
          <Link to={places.person(viewer.handle)} className={styles.me}>
            <Avatar handle={viewer.handle} name={viewer.displayName} url={viewer.avatarUrl} />
            <span className={styles.names}>
              <span>{viewer.displayName}</span>
              <span className={styles.handle}>@{viewer.handle}</span>
            </span>
          </Link>
        </>
      ) : (
        <div className={styles.outside}>
          <Link to={places.signUp} className={buttonClass({ wide: true })}>
            {text.places.signUp}
          </Link>
          <Link to={places.logIn} className={buttonClass({ look: 'quiet', wide: true })}>
            {text.places.logIn}
          </Link>
        </div>
      )}
    </nav>
  );
}
