import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { BlockedPage_viewer$key } from '~/__generated__/BlockedPage_viewer.graphql';
import type { BlockedPageAgainMutation } from '~/__generated__/BlockedPageAgainMutation.graphql';
import type { BlockedPageMoreQuery } from '~/__generated__/BlockedPageMoreQuery.graphql';
import type { BlockedPageQuery } from '~/__generated__/BlockedPageQuery.graphql';
import type { BlockedPageUndoMutation } from '~/__generated__/BlockedPageUndoMutation.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { PeopleList } from '~/people/PeopleList';
import { PersonRow } from '~/people/PersonRow';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';

const QUERY = graphql`
  query BlockedPageQuery {
    viewer {
      ...BlockedPage_viewer
    }
  }
`;

export const loader = () => preload<BlockedPageQuery>(QUERY, {});

/** Whom one blocks, the newest first. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<BlockedPageQuery>(QUERY, useLoaderData<PreloadedQuery<BlockedPageQuery>>());
  const title = text.muting.blocked;
  return (
    <Page title={title} back>
      {viewer ? <List viewer={viewer} /> : <SignedOut title={title} text={text.signing.signedOutText} />}
    </Page>
  );
}

/** Who is taken out stays where they are until the page is come to anew, so that a slip is mended where it happened. */
function List({ viewer }: { viewer: BlockedPage_viewer$key }) {
  const text = useText();
  const { data, ...pagination } = usePaginationFragment<BlockedPageMoreQuery, BlockedPage_viewer$key>(
    graphql`
      fragment BlockedPage_viewer on Viewer
      @refetchable(queryName: "BlockedPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        blockedUsers(first: $first, after: $after) @connection(key: "BlockedPage_blockedUsers") {
          edges {
            node {
              id
              handle
              viewerIsBlocking
              ...PersonRow_user
            }
          }
        }
      }
    `,
    viewer,
  );
  const [undo] = useAction<BlockedPageUndoMutation>(graphql`
    mutation BlockedPageUndoMutation($input: UnblockUserInput!) {
      unblockUser(input: $input) {
        user {
          id
          viewerIsBlocking
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [again] = useAction<BlockedPageAgainMutation>(graphql`
    mutation BlockedPageAgainMutation($input: BlockUserInput!) {
      blockUser(input: $input) {
        user {
          id
          viewerIsBlocking
        }
        userErrors {
          code
        }
      }
    }
  `);
  return (
    <PeopleList
      label={text.muting.blocked}
      edges={data.blockedUsers?.edges ?? []}
      {...usePages(pagination)}
      none={text.muting.noBlocked}
      row={(node) => {
        const { id, handle, viewerIsBlocking: on } = node;
        const wish = { input: { userId: id } };
        const shown = { user: { id, viewerIsBlocking: !on }, userErrors: [] };
        const label = on ? text.profile.unblock : text.profile.block;
        return (
          <PersonRow key={id} user={node}>
            <Button
              small
              look="quiet"
              aria-label={`${label} @${handle}`}
              onClick={() =>
                on
                  ? undo({ ...wish, optimisticResponse: { unblockUser: shown } })
                  : again({ ...wish, optimisticResponse: { blockUser: shown } })
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
