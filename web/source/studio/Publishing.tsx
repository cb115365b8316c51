import { Audience } from '~/compose/Audience';
import type { Visibility } from '~/compose/draft';
import { LONGEST } from '~/compose/measure';
import { useText } from '~/i18n/language';
import styles from './Publishing.module.css';

/** A post that is published at once, for pictures that are still being made. Null: nothing is published. */
export type OpenPost = { readonly text: string; readonly visibility: Visibility; readonly showPartials: boolean };

export const OPEN_POST: OpenPost = { text: '', visibility: 'PUBLIC', showPartials: true };

type Props = { post: OpenPost | null; onPost: (post: OpenPost | null) => void; error: string | undefined };

/** Creating in the open: what the post says, whom it is for, and whether they may watch. */
export function Publishing({ post, onPost, error }: Props) {
  const text = useText().studio;
  return (
    <div className={styles.publishing}>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={post !== null}
          onChange={({ target: { checked } }) => onPost(checked ? OPEN_POST : null)}
        />
        {text.inTheOpen}
      </label>
      {post && (
        <div className={styles.post}>
          <textarea
            className={styles.text}
            rows={2}
            dir="auto"
            maxLength={LONGEST * 4}
            value={post.text}
            placeholder={text.openText}
            aria-label={text.openText}
            onChange={({ target: { value } }) => onPost({ ...post, text: value })}
          />
          <div className={styles.row}>
            <Audience value={post.visibility} onChange={(visibility) => onPost({ ...post, visibility })} />
            <label className={styles.choice}>
              <input
                type="checkbox"
                checked={post.showPartials}
                onChange={({ target: { checked } }) => onPost({ ...post, showPartials: checked })}
              />
              {text.showPartials}
            </label>
          </div>
          {error && (
            <p className={styles.error} role="alert">
              {error}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
