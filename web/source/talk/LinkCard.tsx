import { Globe } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { LinkCard_post$key } from '~/__generated__/LinkCard_post.graphql';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import styles from './LinkCard.module.css';

/** What the page says of itself that a post links to. Its words are a stranger's; the host is not, and is always shown. */
export function LinkCard({ post }: { post: LinkCard_post$key }) {
  const text = useText().talk;
  const { linkCard: card } = useFragment(
    graphql`
      fragment LinkCard_post on Post {
        linkCard {
          url
          title
          description
          site
          author
          host
          image {
            id
            url(size: MEDIUM)
            width
            height
            blurhash
            altText
          }
        }
      }
    `,
    post,
  );
  if (!card || !/^https?:\/\//i.test(card.url)) return null;
  const { image } = card;
  const wide = Boolean(image?.width && image.height && image.width >= image.height * 1.2 && image.width >= 400);
  return (
    <a
      className={wide ? `${styles.card} ${styles.wide}` : styles.card}
      href={card.url}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
    >
      {image ? (
        <span className={styles.picture}>
          <Picture image={image} src={image.url} ratio={wide ? 1.91 : 1} sizes={wide ? '40rem' : '8rem'} />
        </span>
      ) : (
        <span className={styles.blank} aria-hidden="true">
          <Globe />
        </span>
      )}
      <span className={styles.words} dir="auto">
        <span className={styles.host} dir="ltr">
          {card.host}
        </span>
        <strong>{card.title}</strong>
        {card.description && <span className={styles.about}>{card.description}</span>}
        {card.author && <span className={styles.host}>{text.by(card.author)}</span>}
      </span>
    </a>
  );
}
