import { EyeOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Covered_post$key } from '~/__generated__/Covered_post.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { useViewer } from '~/session/viewer';
import styles from './Covered.module.css';

/** Posts whose pictures were asked for and which show them since, also after they were scrolled away. */
const uncovered = new Set<string>();

/** Pictures that may be hard to look at, covered by their own blur until they are asked for: nothing of them is fetched before. */
export function Covered({ post: key, children }: { post: Covered_post$key; children: ReactNode }) {
  const text = useText().talk;
  const viewer = useViewer();
  const { id, isSensitive, author, images } = useFragment(
    graphql`
      fragment Covered_post on Post {
        id
        isSensitive
        author {
          id
        }
        images {
          id
          width
          height
          blurhash
        }
      }
    `,
    key,
  );
  const [shown, setShown] = useState(uncovered.has(id));
  const image = images[0];
  if (!isSensitive || shown || !image || viewer?.showsSensitive || viewer?.id === author.id) return children;
  const look = () => {
    uncovered.add(id);
    setShown(true);
  };
  return (
    <div className={styles.covered}>
      <Picture image={{ ...image, altText: '' }} src={null} ratio={1.6} />
      <div className={styles.words}>
        <EyeOff aria-hidden="true" />
        <p>{text.coveredTitle}</p>
        <Button look="quiet" small onClick={look}>
          {text.look}
        </Button>
      </div>
    </div>
  );
}
