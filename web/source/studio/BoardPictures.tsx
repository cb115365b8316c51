import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { BoardPicturesQuery } from '~/__generated__/BoardPicturesQuery.graphql';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './BoardPictures.module.css';

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onChoose: (imageId: string) => void };

/** One's own pictures on one's boards, to learn from; others' are remixed from their posts, as these allow. */
export default function BoardPictures({ open, onOpenChange, onChoose }: Props) {
  const text = useText();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={text.boards.reference}
      description={text.boards.referenceText}
    >
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Pictures
          onChoose={(id) => {
            onOpenChange(false);
            onChoose(id);
          }}
        />
      </Suspense>
    </Dialog>
  );
}

function Pictures({ onChoose }: { onChoose: (imageId: string) => void }) {
  const text = useText().boards;
  const { viewer } = useLazyLoadQuery<BoardPicturesQuery>(
    graphql`
      query BoardPicturesQuery {
        viewer {
          user {
            id
          }
          boards(first: 10) {
            edges {
              node {
                id
                name
                posts(first: 30) {
                  edges {
                    node {
                      id
                      author {
                        id
                      }
                      images {
                        id
                        altText
                        small: url(size: SMALL)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const boards = (viewer?.boards?.edges ?? []).flatMap(({ node }) => {
    const posts = (node?.posts?.edges ?? []).flatMap((edge) => (edge.node ? [edge.node] : []));
    const images = posts.filter(({ author }) => author.id === viewer?.user.id).flatMap((post) => post.images);
    return node && images.length ? [{ id: node.id, name: node.name, images }] : [];
  });
  if (!boards.length) return <p>{text.referenceNone}</p>;
  return (
    <div className={styles.boards}>
      {boards.map(({ id, name, images }) => (
        <section key={id} aria-label={name}>
          <h3>{name}</h3>
          <ul className={styles.pictures}>
            {images.map((image, index) => (
              <li key={image.id}>
                <button
                  type="button"
                  onClick={() => onChoose(image.id)}
                  aria-label={image.altText || `${name} ${index + 1}`}
                >
                  <img src={image.small ?? ''} alt="" loading="lazy" />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
