import { ArrowUp } from 'lucide-react';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { useKeys } from '~/keys/keys';
import styles from './Feed.module.css';

const MOST_FACES = 3;

type Person = {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatar?: { readonly url?: string | null } | null;
};

/** "3 new posts" with the faces of who wrote them. Takes no room, so that its coming moves nothing. */
export function FreshPill({
  people,
  count,
  onShow,
  words,
}: {
  people: readonly Person[];
  count: number;
  onShow: () => void;
  /** What it says where what is new is no posts. */
  words?: { fresh: (count: number) => string; freshBy: (names: string) => string };
}) {
  const { feed } = useText();
  const { fresh, freshBy } = words ?? feed;
  useKeys({
    '.': () => {
      if (count) onShow();
    },
  });
  const faces = [...new Map(people.map((person) => [person.id, person])).values()].slice(0, MOST_FACES);
  return (
    <div className={styles.pillPlace} role="status">
      {count > 0 && (
        <button type="button" className={styles.pill} onClick={onShow} aria-keyshortcuts="." data-fresh={count}>
          <span className={styles.faces}>
            {faces.map(({ id, handle, displayName, avatar }) => (
              <Avatar key={id} handle={handle} name={displayName} url={avatar?.url} size="small" />
            ))}
          </span>
          {fresh(count)}
          <span className="visually-hidden">{freshBy(faces.map(({ displayName }) => displayName).join(', '))}</span>
          <ArrowUp aria-hidden="true" />
        </button>
      )}
    </div>
  );
}
