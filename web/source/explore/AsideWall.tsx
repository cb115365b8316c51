import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { AsideWallQuery } from '~/__generated__/AsideWallQuery.graphql';
import { AiMark } from '~/ai/AiMark';
import { wholeOf } from '~/ai/disclosure';
import { useAiPictures } from '~/ai/viewing';
import { useText } from '~/i18n/language';
import { useHeardOf } from '~/labelers/heard';
import { Picture } from '~/post/Picture';
import { PATIENT } from '~/relay/network';
import { places } from '~/routing/places';
import styles from './AsideWall.module.css';

const MOST = 9;
const ROW = 3;

/** How many are shown of so many: whole rows, where there is one. */
const whole = (count: number) => Math.min(MOST, count < ROW ? count : count - (count % ROW));

/** The newest public pictures, small. */
export default function AsideWall() {
  const text = useText();
  const veils = ['BLUR', 'HIDE'].includes(useAiPictures());
  const { exploreTimeline } = useLazyLoadQuery<AsideWallQuery>(
    graphql`
      query AsideWallQuery {
        exploreTimeline(first: 30) {
          edges {
            node {
              id
              version
              contentWarning
              isSensitive
              author {
                id
                displayName
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
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const nodes = (exploreTimeline?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  const heard = useHeardOf(nodes.map(({ id, version, author }) => ({ id, version, authorId: author.id })));
  const hung = nodes.flatMap((node) => {
    const image = node.images[0];
    const said = heard({ id: node.id, version: node.version, authorId: node.author.id });
    return image &&
      said &&
      !said.veils &&
      !said.hides &&
      !node.contentWarning &&
      !node.isSensitive &&
      !image.sensitive &&
      !(veils && image.aiDisclosure)
      ? [{ id: node.id, name: node.author.displayName, image }]
      : [];
  });
  if (!hung.length) return null;
  return (
    <section className={styles.wall}>
      <h2>
        <Link to={places.explore}>{text.explore.hung}</Link>
      </h2>
      <ul>
        {hung.slice(0, whole(hung.length)).map(({ id, name, image }) => (
          <li key={id}>
            <Link
              to={places.post(id)}
              aria-label={[
                image.altText || text.post.label(name),
                image.aiDisclosure && wholeOf(image.aiDisclosure, text),
              ]
                .filter(Boolean)
                .join('. ')}
            >
              <Picture image={{ ...image, altText: '' }} src={image.url} ratio={1} />
              <AiMark disclosure={image.aiDisclosure} told small />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
