import { type ReactNode, useSyncExternalStore } from 'react';
import { NavLink } from 'react-router';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './ChatBadge.module.css';
import { badge } from './useChatBadge';

const MOST = 99;

/** The sign of the messages, with how many chats have something new. */
export function ChatBadge({ icon }: { icon: ReactNode }) {
  const text = useText().letters;
  const { unread } = useSyncExternalStore(badge.subscribe, badge.get);
  return (
    <span className={styles.place}>
      {icon}
      {unread > 0 && (
        <span className={styles.count}>
          <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>
          <span className="visually-hidden">{text.badge(unread)}</span>
        </span>
      )}
    </span>
  );
}

/** The way to the messages where there is room for its sign alone. */
export function ChatBadgeLink({ icon, className }: { icon: ReactNode; className: string | undefined }) {
  const text = useText();
  return (
    <NavLink to={places.messages} className={className}>
      <ChatBadge icon={icon} />
      <span className="visually-hidden">{text.places.messages}</span>
    </NavLink>
  );
}
