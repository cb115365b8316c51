import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { PaintersQuery } from '~/__generated__/PaintersQuery.graphql';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { PATIENT } from '~/relay/network';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import styles from './Painters.module.css';

const MOST = 5;

/** Whom to follow first: who posted publicly of late, each once. Draws nothing where there is nobody but oneself. */
export default function Painters() {
  const text = useText();
  const viewer = useViewer();
  const { exploreTimeline } = useLazyLoadQuery<PaintersQuery>(
    graphql`
      query PaintersQuery {
        exploreTimeline(first: 30) {
          edges {
            node {
              id
              author {
                id
                handle
                displayName
                bio
                avatar {
                  url(size: SMALL)
                }
                ...FollowButton_user
              }
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const people = new Map(
    (exploreTimeline?.edges ?? []).flatMap(({ node }) =>
      node && node.author.id !== viewer?.id ? [[node.author.id, node.author] as const] : [],
    ),
  );
  if (!people.size) return null;
  return (
    <section className={styles.painters}>
      <h3>{text.home.toFollow}</h3>
      <ul>
        {[...people.values()].slice(0, MOST).map((person) => (
          <li key={person.id} className={styles.person}>
            <Link to={places.person(person.handle)} className={styles.who}>
              <Avatar handle={person.handle} name={person.displayName} url={person.avatar?.url} />
              <span className={styles.names}>
                <bdi className={styles.name}>{person.displayName}</bdi>
                <span className={styles.about} dir="auto">
                  {person.bio || `@${person.handle}`}
                </span>
              </span>
            </Link>
            <FollowButton user={person} small />
          </li>
        ))}
      </ul>
    </section>
  );
}
