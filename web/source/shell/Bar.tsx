import { Bell, Compass, Feather, Home, Mail, Search, Sparkles } from 'lucide-react';
import { Link, NavLink } from 'react-router';
import { compose } from '~/compose/open';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { ChatBadgeLink } from '~/messages/ChatBadge';
import { Badge } from '~/notifications/Badge';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import styles from './Bar.module.css';

/** The navigation of a phone, under the thumb. */
export function Bar() {
  const text = useText();
  const viewer = useViewer();
  return (
    <nav className={styles.bar} aria-label={text.places.main}>
      {viewer ? (
        <>
          <NavLink to={places.home} end className={styles.link} aria-label={text.places.home}>
            <Home />
          </NavLink>
          <NavLink to={places.explore} className={styles.link} aria-label={text.places.explore}>
            <Compass />
          </NavLink>
          <NavLink to={places.notifications} className={styles.link}>
            <Bell />
            <span className="visually-hidden">{text.places.notifications}</span>
            <Badge />
          </NavLink>
          <button
            type="button"
            className={`${styles.link} ${styles.compose}`}
            onClick={() => compose()}
            aria-label={text.places.compose}
          >
            <Feather />
          </button>
          <NavLink to={places.studio} className={styles.link} aria-label={text.places.studio}>
            <Sparkles />
          </NavLink>
          <ChatBadgeLink icon={<Mail />} className={styles.link} />
          <NavLink to={places.person(viewer.handle)} className={styles.link} aria-label={text.places.profile}>
            <Avatar handle={viewer.handle} name={viewer.displayName} url={viewer.avatarUrl} size="small" />
          </NavLink>
        </>
      ) : (
        <>
          <NavLink to={places.explore} className={styles.link} aria-label={text.places.explore}>
            <Compass />
          </NavLink>
          <NavLink to={places.search} className={styles.link} aria-label={text.places.search}>
            <Search />
          </NavLink>
          <Link to={places.logIn} className={`${styles.link} ${styles.words}`}>
            {text.places.logIn}
          </Link>
          <Link to={places.signUp} className={`${styles.link} ${styles.words}`}>
            {text.places.signUp}
          </Link>
        </>
      )}
    </nav>
  );
}
