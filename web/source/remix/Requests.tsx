import { useRef } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Requests_viewer$key } from '~/__generated__/Requests_viewer.graphql';
import type { RequestsAcceptMutation } from '~/__generated__/RequestsAcceptMutation.graphql';
import type { RequestsDeclineMutation } from '~/__generated__/RequestsDeclineMutation.graphql';
import type { RequestsQuery } from '~/__generated__/RequestsQuery.graphql';
import type { RequestsSubscription } from '~/__generated__/RequestsSubscription.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useLive } from '~/relay/useLive';
import { places } from '~/routing/places';
import styles from './Sharing.module.css';

const ANEW = graphql`
  query RequestsQuery {
    viewer {
      ...Requests_viewer
    }
  }
`;

/** Who asks to remix one's posts, as they ask, to be answered here. */
export function Requests({ viewer: key }: { viewer: Requests_viewer$key }) {
  const text = useText().remix;
  const environment = useRelayEnvironment();
  const begun = useRef(false);
  const viewer = useFragment(
    graphql`
      fragment Requests_viewer on Viewer {
        remixRequests(first: 50) {
          edges {
            node {
              id
              state
              message
              user {
                id
                handle
                displayName
              }
              post {
                __typename
                ... on Post {
                  id
                }
              }
            }
          }
        }
      }
    `,
    key,
  );
  useLive<RequestsSubscription>(
    graphql`
      subscription RequestsSubscription($after: String) {
        remixRequests(after: $after) {
          __typename
          cursor
          ... on RemixRequestChanged {
            request {
              id
              state
            }
          }
        }
      }
    `,
    {
      place: 'remix requests',
      variables: {},
      after: undefined,
      // The first heartbeat says from where it listens: what came between the page and that is fetched once.
      onEvent: ({ remixRequests: { __typename } }) => {
        if (__typename === 'LiveHeartbeat' && begun.current) return;
        begun.current = true;
        fetchQuery<RequestsQuery>(environment, ANEW, {}, { fetchPolicy: 'network-only' }).subscribe({});
      },
    },
  );
  const [accept, accepting] = useAction<RequestsAcceptMutation>(graphql`
    mutation RequestsAcceptMutation($input: AcceptRemixRequestInput!) {
      acceptRemixRequest(input: $input) {
        request {
          id
          state
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [decline, declining] = useAction<RequestsDeclineMutation>(graphql`
    mutation RequestsDeclineMutation($input: DeclineRemixRequestInput!) {
      declineRemixRequest(input: $input) {
        request {
          id
          state
        }
        userErrors {
          code
        }
      }
    }
  `);
  const edges = viewer.remixRequests?.edges ?? [];
  if (!edges.length) return <p className={styles.none}>{text.noRequests}</p>;
  return (
    <ul className={styles.requests} aria-live="polite">
      {edges.map(({ node: { id, state, message, user, post } }) => (
        <li key={id} className={styles.request}>
          <p>
            <Link to={places.person(user.handle)}>
              <strong>{user.displayName}</strong>
            </Link>{' '}
            {post.__typename === 'Post' ? <Link to={places.post(post.id)}>{text.wants}</Link> : text.wants}
          </p>
          {message && (
            <blockquote className={styles.message} dir="auto">
              {message}
            </blockquote>
          )}
          <p className={styles.buttons}>
            <span className={styles.none}>{text.states[state as keyof typeof text.states]}</span>
            {state !== 'ACCEPTED' && (
              <Button small busy={accepting} onClick={() => accept({ input: { requestId: id } })}>
                {text.accept}
              </Button>
            )}
            {(state === 'PENDING' || state === 'ACCEPTED') && (
              <Button small look="quiet" busy={declining} onClick={() => decline({ input: { requestId: id } })}>
                {state === 'ACCEPTED' ? text.revoke : text.decline}
              </Button>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
