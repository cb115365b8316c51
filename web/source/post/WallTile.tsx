import { Heart, Images } from 'lucide-react';
import { memo } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { WallTile_edge$key } from '~/__generated__/WallTile_edge.graphql';
import { AiMark } from '~/ai/AiMark';
import { kindOf } from '~/ai/disclosure';
import { useShowing } from '~/ai/viewing';
import { useFormat } from '~/i18n/format';
import { useLanguage, useText } from '~/i18n/language';
import { useHeard } from '~/labelers/heard';
import { wordingOf } from '~/labelers/summed';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { useOnScreen } from './onScreen';
import { Picture } from './Picture';
import styles from './Wall.module.css';

export type { WallTile_edge$key };

/** A post as its first picture. */
export const WallTile = memo(function WallTile({ edge, eager }: { edge: WallTile_edge$key; eager?: boolean }) {
  const words = useText();
  const text = words.post;
  const viewer = useViewer();
  const format = useFormat();
  const language = useLanguage();
  const { node } = useFragment(
    graphql`
      fragment WallTile_edge on TimelineEdge {
        node {
          id
          version
          likeCount
          contentWarning
          isSensitive
          author {
            id
            displayName
          }
          images {
            id
            small: url(size: SMALL)
            url(size: MEDIUM)
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
      }
    `,
    edge,
  );
  const watch = useOnScreen(node?.id ?? '');
  const showing = useShowing(node?.author.id ?? '');
  const heard = useHeard(node?.id ?? '', node?.version ?? 0, node?.author.id ?? '');
  const image = node?.images[0];
  if (!node || !image) return null;
  const covered = (node.isSensitive || image.sensitive) && !viewer?.showsSensitive;
  const shown = showing(image);
  const kind = image.aiDisclosure && (shown === 'BLUR' || shown === 'HIDE') ? kindOf(image.aiDisclosure, words) : null;
  const veil = heard?.hides ?? heard?.veils;
  const labelled = veil ? wordingOf(veil.wordings, language).name : null;
  const hidden = Boolean(node.contentWarning) || covered || labelled !== null || kind !== null;
  const warning = node.contentWarning || (covered ? words.checks.sensitive : (labelled ?? kind ?? ''));
  return (
    <article
      ref={watch}
      data-post={node.id}
      tabIndex={-1}
      style={{ blockSize: '100%' }}
      aria-label={text.label(node.author.displayName)}
    >
      <Link to={places.post(node.id)} className={styles.link}>
        <Picture
          image={hidden ? { ...image, altText: warning, blurhash: shown === 'HIDE' ? null : image.blurhash } : image}
          src={hidden || !heard ? null : image.url}
          srcSet={image.small && image.url && heard && !hidden ? `${image.small} 320w, ${image.url} 960w` : undefined}
          sizes="(max-width: 45rem) 50vw, 20rem"
          eager={eager}
        />
        <AiMark disclosure={image.aiDisclosure} />
        {node.images.length > 1 && (
          <span className={styles.many}>
            <Images aria-hidden="true" />
          </span>
        )}
        <span className={styles.caption} data-told={hidden || undefined}>
          <span className={styles.name}>{hidden ? warning : node.author.displayName}</span>
          {node.likeCount > 0 && (
            <span className={styles.count}>
              <Heart aria-hidden="true" />
              {format.compact(node.likeCount)}
            </span>
          )}
        </span>
      </Link>
    </article>
  );
});
