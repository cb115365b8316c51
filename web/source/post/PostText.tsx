import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { PostText_post$key } from '~/__generated__/PostText_post.graphql';
import { places } from '~/routing/places';
import { stretches } from './facets';
import styles from './PostText.module.css';

/** What a post says, its mentions and links as elements: text of others never becomes HTML. */
export function PostText({ post, className }: { post: PostText_post$key; className?: string }) {
  const { text, facets } = useFragment(
    graphql`
      fragment PostText_post on Post {
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
    post,
  );
  if (!text) return null;
  return (
    <p className={className ? `${styles.text} ${className}` : styles.text} dir="auto">
      {stretches(text, facets).map(({ text: words, feature }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: stretches have no other identity and never move
        if (feature?.__typename === 'MentionFacet' && feature.user) {
          return (
            <Link key={index} to={places.person(feature.user.handle)}>
              {words}
            </Link>
          );
        }
        if (feature?.__typename === 'HashtagFacet') {
          return (
            <Link key={index} to={places.hashtag(feature.hashtag.name)}>
              {words}
            </Link>
          );
        }
        if (feature?.__typename === 'LinkFacet' && /^https?:\/\//i.test(feature.url)) {
          return (
            <a key={index} href={feature.url} target="_blank" rel="noopener noreferrer nofollow ugc">
              {words}
            </a>
          );
        }
        return <span key={index}>{words}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </p>
  );
}
