import { EyeOff } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { PostPictures_post$key } from '~/__generated__/PostPictures_post.graphql';
import { AiMark } from '~/ai/AiMark';
import { kindOf, wholeOf } from '~/ai/disclosure';
import { isUnfolded } from '~/ai/useAiFold';
import { useShowing } from '~/ai/viewing';
import { useText } from '~/i18n/language';
import { useViewer } from '~/session/viewer';
import { lightbox } from './lightbox';
import { Picture, ratioOf } from './Picture';
import styles from './PostPictures.module.css';

const COLUMN = '(max-width: 45rem) 100vw, 40rem';
const TALLEST = 4 / 5;
/** Posts whose veiled pictures were asked for, also after they were scrolled away. */
const unveiled = new Set<string>();

type Props = {
  post: PostPictures_post$key;
  eager?: boolean;
  /** Why labels veil them, if they do; and whether that is not known yet. */
  veil?: string | null;
  waits?: boolean;
};

/** The pictures of a post: one as it is, more as a grid. Each opens in the lightbox. */
export function PostPictures({ post, eager, veil = null, waits = false }: Props) {
  const viewer = useViewer();
  const text = useText();
  const { id, author, images } = useFragment(
    graphql`
      fragment PostPictures_post on Post {
        id
        author {
          id
        }
        images {
          id
          url(size: MEDIUM)
          width
          height
          blurhash
          altText
          aiDisclosure {
            kind
            basis
          }
          sensitive
        }
      }
    `,
    post,
  );
  const [revealed, setRevealed] = useState(unveiled.has(id));
  const reveal = () => {
    unveiled.add(id);
    setRevealed(true);
  };
  const showing = useShowing(author.id);
  if (!images.length) return null;
  const shape = ['', '', styles.two, styles.three, styles.four][Math.min(images.length, 4)];
  return (
    <div className={`${styles.pictures} ${shape}`}>
      {images.map((image, index) => {
        const ai = image.aiDisclosure;
        const shown = isUnfolded(id) ? 'SHOW' : showing(image);
        const veils = ai && (shown === 'BLUR' || shown === 'HIDE');
        const owed = veils ? (shown === 'HIDE' && text.labels.hidden[ai.kind]) || kindOf(ai, text) : null;
        const why = image.sensitive && !viewer?.showsSensitive ? text.checks.sensitive : (veil ?? owed);
        const veiled = why !== null && !revealed;
        return (
          <button
            key={image.id}
            type="button"
            className={styles.place}
            aria-label={[
              veiled ? `${why} ${text.checks.reveal}` : text.post.openPicture,
              images.length > 1 && text.post.picture(index + 1, images.length),
              image.altText || text.post.noAlt,
              ai && wholeOf(ai, text),
            ]
              .filter(Boolean)
              .join(': ')}
            onClick={() => (veiled ? reveal() : lightbox.set({ postId: id, index }))}
          >
            <Picture
              image={image}
              src={veiled || waits ? null : image.url}
              sizes={COLUMN}
              ratio={ratioIn(images.length, index, image)}
              eager={eager && index === 0}
            />
            {!veiled && <AiMark disclosure={ai} told />}
            {veiled && (
              <span className={styles.veil} data-solid={shown === 'HIDE' || undefined} aria-hidden="true">
                <EyeOff />
                {why} <span className={styles.reveal}>{text.checks.reveal}</span>
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}

function ratioIn(
  count: number,
  index: number,
  image: { width?: number | null; height?: number | null; altText: string },
): number {
  if (count === 1) return ratioOf(image, TALLEST);
  if (count === 2) return 4 / 5;
  if (count === 3) return index === 0 ? 1 : 1.002; // beside two small ones and the gap between them
  return 1;
}
