import { EyeOff } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { SmallPicture_post$key } from '~/__generated__/SmallPicture_post.graphql';
import { AiMark } from '~/ai/AiMark';
import { kindOf } from '~/ai/disclosure';
import { useShowing } from '~/ai/viewing';
import { useLanguage, useText } from '~/i18n/language';
import { useHeard } from '~/labelers/heard';
import { wordingOf } from '~/labelers/summed';
import { useViewer } from '~/session/viewer';
import { Picture } from './Picture';
import styles from './SmallPost.module.css';

/** The first picture of a post where it stands small, veiled as it would be in the post; nothing where a warning stands for it. */
export function SmallPicture({ post: key }: { post: SmallPicture_post$key }) {
  const text = useText();
  const language = useLanguage();
  const viewer = useViewer();
  const { id, version, author, images, isSensitive, contentWarning } = useFragment(
    graphql`
      fragment SmallPicture_post on Post {
        id
        version
        isSensitive
        contentWarning
        author {
          id
        }
        images {
          id
          url(size: SMALL)
          width
          height
          blurhash
          altText
          sensitive
          aiDisclosure {
            kind
            basis
          }
        }
      }
    `,
    key,
  );
  const showing = useShowing(author.id);
  const heard = useHeard(id, version, author.id);
  const image = images[0];
  if (!image || contentWarning) return null;
  const { aiDisclosure: ai, sensitive } = image;
  const covered = (isSensitive || sensitive) && !viewer?.showsSensitive;
  const shown = showing(image);
  const owed = ai && (shown === 'BLUR' || shown === 'HIDE') ? kindOf(ai, text) : null;
  const labelled = heard?.veils ? wordingOf(heard.veils.wordings, language).name : heard ? null : '…';
  const why = covered ? text.checks.sensitive : (labelled ?? owed);
  const looks = why === null ? image : { ...image, blurhash: shown === 'HIDE' ? null : image.blurhash };
  return (
    <span className={styles.picture} data-veiled={why !== null || undefined}>
      <Picture
        image={{ ...looks, altText: image.altText || text.post.noAlt }}
        src={why === null ? image.url : null}
        ratio={1}
      />
      {why !== null && (
        <span className={styles.veil} title={why}>
          <EyeOff aria-hidden="true" />
          <span className="visually-hidden">{why}</span>
        </span>
      )}
      <AiMark disclosure={ai} small />
    </span>
  );
}
