import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { SharedParts_message$key } from '~/__generated__/SharedParts_message.graphql';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { Picture } from '~/post/Picture';
import { SmallPost } from '~/post/SmallPost';
import styles from './Message.module.css';

/** The pictures of a message, and what it passes on, as far as the reader may see that. */
export function SharedParts({ message: key, veiled }: { message: SharedParts_message$key; veiled: boolean }) {
  const text = useText().letters;
  const message = useFragment(
    graphql`
      fragment SharedParts_message on DirectMessage {
        images {
          id
          url(size: MEDIUM)
          width
          height
          blurhash
          altText
          sensitive
        }
        sharedImage {
          id
          url(size: MEDIUM)
          width
          height
          blurhash
          altText
          sensitive
        }
        sharedPost {
          __typename
          ... on Post {
            ...SmallPost_post
          }
          ... on UnavailablePost {
            reason
          }
        }
      }
    `,
    key,
  );
  const { sharedPost: post } = message;
  const pictures = [...message.images, ...(message.sharedImage ? [message.sharedImage] : [])];
  const covered = veiled || pictures.some(({ sensitive }) => sensitive);
  const [uncovered, setUncovered] = useState(false);
  return (
    <>
      {pictures.length > 0 &&
        (covered && !uncovered ? (
          <button type="button" className={styles.veil} onClick={() => setUncovered(true)}>
            {text.show}
          </button>
        ) : (
          <span className={styles.pictures}>
            {pictures.map((image) => (
              <span key={image.id} className={styles.picture}>
                <Picture image={{ ...image, altText: image.altText || text.picture }} src={image.url} />
              </span>
            ))}
          </span>
        ))}
      {post?.__typename === 'UnavailablePost' && <Hole reason={post.reason} />}
      {post?.__typename === 'Post' && <SmallPost post={post} bare={veiled} />}
    </>
  );
}
