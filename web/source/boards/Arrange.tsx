import { ArrowDown, ArrowUp, GripVertical, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Arrange_edge$key } from '~/__generated__/Arrange_edge.graphql';
import type { ArrangeMoveMutation } from '~/__generated__/ArrangeMoveMutation.graphql';
import type { ArrangeRemoveMutation } from '~/__generated__/ArrangeRemoveMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './BoardPage.module.css';
import { aboveOf, moved } from './order';

/** The posts of a board as rows that are put in order: by dragging, by buttons, by Alt with an arrow key. */
export default function Arrange({ boardId, edges: keys }: { boardId: string; edges: Arrange_edge$key }) {
  const text = useText().boards;
  const edges = useFragment(
    graphql`
      fragment Arrange_edge on BoardPostEdge @relay(plural: true) {
        node {
          id
          text
          author {
            displayName
          }
          images {
            id
            small: url(size: SMALL)
          }
        }
      }
    `,
    keys,
  );
  const [wanted, setWanted] = useState<readonly string[] | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const [move] = useAction<ArrangeMoveMutation>(graphql`
    mutation ArrangeMoveMutation($input: MoveOnBoardInput!) {
      moveOnBoard(input: $input) {
        board {
          id
          changedAt
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<ArrangeRemoveMutation>(graphql`
    mutation ArrangeRemoveMutation($input: RemoveFromBoardInput!) {
      removeFromBoard(input: $input) {
        board {
          id
          postCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  const found = new Map(edges.map((edge) => [edge.node.id, edge]));
  // What is wanted stands until the board says the same; what came or went meanwhile is taken in.
  const order = (wanted ?? []).filter((id) => found.has(id));
  const rows = [...order, ...[...found.keys()].filter((id) => !order.includes(id))];
  const ids = wanted ? rows : [...found.keys()];
  const put = (from: number, to: number, focus = false) => {
    if (to < 0 || to >= ids.length || from === to) return;
    const postId = ids[from] ?? '';
    setWanted(moved(ids, from, to));
    setSaid(text.moved(to + 1, ids.length));
    move({
      input: { boardId, postId, belowPostId: aboveOf(ids, from, to) },
      onRefused: () => setWanted(null),
    });
    if (focus) requestAnimationFrame(() => (list.current?.children[to] as HTMLElement | undefined)?.focus());
  };
  const press = (event: KeyboardEvent, index: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    put(index, index + (event.key === 'ArrowUp' ? -1 : 1), true);
  };
  return (
    <>
      <p className={styles.hint}>{text.arrangeHint}</p>
      <ul ref={list} aria-label={text.arrange}>
        {ids.map((id, index) => {
          const post = found.get(id)?.node;
          if (!post) return null;
          const [image] = post.images;
          return (
            <li
              key={id}
              className={styles.row}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: chosen by the keyboard, to be moved by it
              tabIndex={0}
              draggable
              data-dragged={dragged === index || undefined}
              data-over={(over === index && dragged !== index) || undefined}
              onKeyDown={(event) => press(event, index)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', id);
                setDragged(index);
              }}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                setOver(index);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) put(dragged, index);
                setDragged(null);
                setOver(null);
              }}
            >
              <GripVertical className={styles.grip} size={18} aria-hidden="true" />
              {image ? (
                <img className={styles.thumb} src={image.small ?? ''} alt="" draggable={false} />
              ) : (
                <span className={styles.thumb} />
              )}
              <span className={styles.words}>
                <bdi>{post.author.displayName}</bdi>
                <span dir="auto">{post.text}</span>
              </span>
              <IconButton
                label={text.up(index + 1)}
                icon={<ArrowUp />}
                disabled={index === 0}
                onClick={() => put(index, index - 1)}
              />
              <IconButton
                label={text.down(index + 1)}
                icon={<ArrowDown />}
                disabled={index === ids.length - 1}
                onClick={() => put(index, index + 1)}
              />
              <IconButton label={text.take} icon={<X />} onClick={() => remove({ input: { boardId, postId: id } })} />
            </li>
          );
        })}
      </ul>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </>
  );
}
