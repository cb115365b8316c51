import { useEffect, useSyncExternalStore } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { PostCreation_post$key } from '~/__generated__/PostCreation_post.graphql';
import { AiMark } from '~/ai/AiMark';
import { useText } from '~/i18n/language';
import { coming, NOTHING_YET, noLongerComing } from './coming';
import styles from './PostCreation.module.css';

const MADE_HERE = { kind: 'GENERATED', basis: 'MADE_HERE' };

/** The pictures of a post that are still being made: a place for each, what may be seen of them, how far they are. */
export function PostCreation({ post: key }: { post: PostCreation_post$key }) {
  const text = useText().post;
  const { id, creation, images } = useFragment(
    graphql`
      fragment PostCreation_post on Post {
        id
        images {
          id
        }
        creation {
          state
          wanted
        }
      }
    `,
    key,
  );
  const { fraction, previews } = useSyncExternalStore(coming.subscribe, coming.get)[id] ?? NOTHING_YET;
  const open = creation !== null && creation !== undefined && creation.state !== 'FAILED';
  useEffect(() => {
    if (!open) noLongerComing(id);
  }, [id, open]);
  if (!creation) return null;
  if (!open) return images.length ? null : <p className={styles.failed}>{text.creation.FAILED}</p>;
  const left = creation.wanted - images.length;
  if (left <= 0) return null; // the last is there; that the job has ended is told a moment later
  return (
    <div className={styles.creation} data-count={left}>
      {Array.from({ length: left }, (_, place) => {
        const preview = previews[images.length + place];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the places are alike until something is in them
          <span key={place} className={styles.place}>
            {preview && <img src={preview} alt="" className={styles.preview} />}
            {preview && <AiMark disclosure={MADE_HERE} />}
          </span>
        );
      })}
      <span className={styles.note}>
        <progress
          className="visually-hidden"
          aria-label={text.creation.MAKING}
          {...(fraction === null ? {} : { value: fraction })}
        />
        <span className={styles.dot} aria-hidden="true" />
        {creation.state === 'WAITING' ? text.creation.WAITING : text.creation.MAKING}
        {fraction !== null && <span>{text.percent(Math.round(fraction * 100))}</span>}
      </span>
    </div>
  );
}
