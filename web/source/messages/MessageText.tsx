import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { MessageText_message$key } from '~/__generated__/MessageText_message.graphql';
import { stretches } from '~/post/facets';
import { places } from '~/routing/places';
import styles from './Message.module.css';

/** What a message says, its mentions and links as elements: text of others never becomes HTML. */
export function MessageText({ message }: { message: MessageText_message$key }) {
  const { text, facets } = useFragment(
    graphql`
      fragment MessageText_message on DirectMessage {
        text
        facets {
          start
          end
          feature {
            __typename
            ... on MentionFacet {
              user {
                id
                handle
              }
            }
            ... on HashtagFacet {
              hashtag {
                name
              }
            }
            ... on LinkFacet {
              url
            }
          }
        }
      }
    `,
    message,
  );
  if (!text) return null;
  return (
    <p className={styles.text} dir="auto">
      {stretches(text, facets).map(({ text: words, feature }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: stretches have no other identity and never move
        if (feature?.__typename === 'LinkFacet' && /^https?:\/\//i.test(feature.url)) {
          return (
            <a key={index} href={feature.url} target="_blank" rel="noopener noreferrer nofollow ugc">
              {words}
            </a>
          );
        }
        const to =
          feature?.__typename === 'MentionFacet'
            ? feature.user && places.person(feature.user.handle)
            : feature?.__typename === 'HashtagFacet' && places.hashtag(feature.hashtag.name);
        if (!to) return <span key={index}>{words}</span>;
        return (
          <Link key={index} to={to}>
            {words}
          </Link>
        );
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </p>
  );
}
