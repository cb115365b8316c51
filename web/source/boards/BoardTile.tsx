import { Frame, Globe, Lock, Users } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { BoardTile_board$key } from '~/__generated__/BoardTile_board.graphql';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Boards.module.css';

const ICONS = { PRIVATE: Lock, SHARED: Users, PUBLIC: Globe } as const;

/** A board by its front: up to four pictures, its name, who may look. */
export function BoardTile({ board: key }: { board: BoardTile_board$key }) {
  const text = useText().boards;
  const { id, name, audience, postCount, covers, owner, viewerIsOwner } = useFragment(
    graphql`
      fragment BoardTile_board on Board {
        id
        name
        audience
        postCount
        viewerIsOwner
        owner {
          id
          displayName
        }
        covers {
          id
          url(size: SMALL)
        }
      }
    `,
    key,
  );
  const Icon = ICONS[audience as keyof typeof ICONS];
  return (
    <Link to={places.board(id)} className={styles.tile}>
      <span className={styles.front} data-pictures={covers.length} aria-hidden="true">
        {covers.length ? (
          covers.map((cover) => <img key={cover.id} src={cover.url ?? ''} alt="" loading="lazy" decoding="async" />)
        ) : (
          <Frame strokeWidth={1.25} />
        )}
      </span>
      <bdi className={styles.name}>{name}</bdi>
      <span className={styles.facts}>
        <Icon size={13} aria-hidden="true" />
        <span>{text.posts(postCount)}</span>
        {!viewerIsOwner && <span>· {text.by(owner.displayName)}</span>}
      </span>
    </Link>
  );
}
