import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { MutedPage_viewer$key } from '~/__generated__/MutedPage_viewer.graphql';
import type { MutedPageAgainMutation } from '~/__generated__/MutedPageAgainMutation.graphql';
import type { MutedPageMoreQuery } from '~/__generated__/MutedPageMoreQuery.graphql';
import type { MutedPageQuery } from '~/__generated__/MutedPageQuery.graphql';
import type { MutedPageUndoMutation } from '~/__generated__/MutedPageUndoMutation.graphql';
import { Button } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { PeopleList } from '~/people/PeopleList';
import { PersonRow } from '~/people/PersonRow';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';

const QUERY = graphql`
  query MutedPageQuery {
    viewer {
      ...MutedPage_viewer
    }
  }
`;

export const loader = () => preload<MutedPageQuery>(QUERY, {});

/** Whom one mutes, the newest first. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<MutedPageQuery>(QUERY, useLoaderData<PreloadedQuery<MutedPageQuery>>());
  const title = text.muting.muted;
  return (
    <Page title={title} back>
      {viewer ? <List viewer={viewer} /> : <SignedOut title={title} text={text.signing.signedOutText} />}
    </Page>
  );
}

/** Who is taken out stays where they are until the page is come to anew, so that a slip is mended where it happened. */
function List({ viewer }: { viewer: MutedPage_viewer$key }) {
  const text = useText();
  const format = useFormat();
  const { data, ...pagination } = usePaginationFragment<MutedPageMoreQuery, MutedPage_viewer$key>(
    graphql`
      fragment MutedPage_viewer on Viewer
      @refetchable(queryName: "MutedPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        mutedUsers(first: $first, after: $after) @connection(key: "MutedPage_mutedUsers") {
          edges {
            node {
              id
              handle
              viewerIsMuting
              viewerMute {
                expiresAt
              }
              ...PersonRow_user
            }
          }
        }
      }
    `,
    viewer,
  );
  const [undo] = useAction<MutedPageUndoMutation>(graphql`
    mutation MutedPageUndoMutation($input: UnmuteUserInput!) {
      unmuteUser(input: $input) {
        user {
          id
          viewerIsMuting
          viewerMute {
            expiresAt
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [again] = useAction<MutedPageAgainMutation>(graphql`
    mutation MutedPageAgainMutation($input: MuteUserInput!) {
      muteUser(input: $input) {
        user {
          id
          viewerIsMuting
          viewerMute {
            expiresAt
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  return (
    <PeopleList
      label={text.muting.muted}
      edges={data.mutedUsers?.edges ?? []}
      {...usePages(pagination)}
      none={text.muting.noMuted}
      row={(node) => {
        const { id, handle, viewerIsMuting: on } = node;
        const wish = { input: { userId: id } };
        const shown = {
          user: { id, viewerIsMuting: !on, viewerMute: on ? null : { expiresAt: null } },
          userErrors: [],
        };
        const label = on ? text.profile.unmute : text.profile.mute;
        return (
          <PersonRow
            key={id}
            user={node}
            note={node.viewerMute?.expiresAt ? text.muting.until(format.moment(node.viewerMute.expiresAt)) : undefined}
          >
            <Button
              small
              look="quiet"
              aria-label={`${label} @${handle}`}
              onClick={() =>
                on
                  ? undo({ ...wish, optimisticResponse: { unmuteUser: shown } })
                  : again({ ...wish, optimisticResponse: { muteUser: shown } })
              }
            >
              {label}
            </Button>
          </PersonRow>
        );
      }}
    />
  );
}
