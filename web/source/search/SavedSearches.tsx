import { ArrowDown, ArrowUp, MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { SavedSearchesMoveMutation } from '~/__generated__/SavedSearchesMoveMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import badge from '~/notifications/Badge.module.css';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import styles from './SearchPage.module.css';
import { refetchSaved, type Saved, useSaved } from './saved';
import { useDelete } from './useDelete';

const RenameSearch = later(() => import('./RenameSearch'));

/** One's saved searches in one's own order, each with what is new in it. */
export function SavedSearches() {
  const all = useText();
  const text = all.saved;
  const environment = useRelayEnvironment();
  const { searches } = useSaved();
  const [naming, setNaming] = useState<Saved | null>(null);
  const [remove] = useDelete();
  const [put] = useAction<SavedSearchesMoveMutation>(graphql`
    mutation SavedSearchesMoveMutation($input: MoveSavedSearchInput!) {
      moveSavedSearch(input: $input) {
        savedSearch {
          id
          version
          position
        }
        userErrors {
          code
        }
      }
    }
  `);
  const move = (place: number, by: number) => {
    const [one, other] = [searches[place], searches[place + by]];
    if (!one || !other) return;
    put({
      input: { savedSearchId: one.id, position: place + by },
      optimisticUpdater: (store) => {
        store.get(one.id)?.setValue(place + by, 'position');
        store.get(other.id)?.setValue(place, 'position');
      },
      updater: (store) => store.get(other.id)?.setValue(place, 'position'),
      onDone: () => refetchSaved(environment),
    });
  };
  if (!searches.length) return null;
  return (
    <section className={styles.saved} aria-labelledby="saved-searches">
      <h2 id="saved-searches">{text.title}</h2>
      <ul>
        {searches.map((one, place) => (
          <li key={one.id} className={styles.row}>
            <Link to={places.found(one.text, one.byMeaning ? 'best' : 'posts')}>
              <bdi className={styles.name}>{one.name}</bdi>
              {(one.byMeaning || one.name !== one.text) && (
                <span className={styles.note}>
                  {[one.byMeaning && text.meaning, one.name !== one.text && one.text].filter(Boolean).join(' · ')}
                </span>
              )}
            </Link>
            {Boolean(one.newPostCount) && (
              <span className={badge.badge}>
                <span aria-hidden="true">{(one.newPostCount ?? 0) >= 50 ? '50+' : one.newPostCount}</span>
                <span className="visually-hidden">{text.fresh(one.newPostCount ?? 0)}</span>
              </span>
            )}
            <Menu
              label={`${all.common.more}: ${one.name}`}
              trigger={<IconButton label={`${all.common.more}: ${one.name}`} icon={<MoreHorizontal />} />}
            >
              <MenuItem icon={<Pencil />} onSelect={() => setNaming(one)}>
                {text.rename}
              </MenuItem>
              {place > 0 && (
                <MenuItem icon={<ArrowUp />} onSelect={() => move(place, -1)}>
                  {text.up}
                </MenuItem>
              )}
              {place < searches.length - 1 && (
                <MenuItem icon={<ArrowDown />} onSelect={() => move(place, 1)}>
                  {text.down}
                </MenuItem>
              )}
              <MenuLine />
              <MenuItem icon={<Trash2 />} danger onSelect={() => remove(one.id)}>
                {text.delete}
              </MenuItem>
            </Menu>
          </li>
        ))}
      </ul>
      <Suspense>
        {naming && <RenameSearch id={naming.id} name={naming.name} onClose={() => setNaming(null)} />}
      </Suspense>
    </section>
  );
}
