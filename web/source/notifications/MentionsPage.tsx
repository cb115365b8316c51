import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { MentionsPageQuery } from '~/__generated__/MentionsPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { NotificationList } from './NotificationList';
import { Tabs } from './Tabs';

const KINDS = ['MENTION', 'REPLY', 'QUOTE'] as const;

const QUERY = graphql`
  query MentionsPageQuery {
    viewer {
      ...NotificationList_viewer @arguments(kinds: [MENTION, REPLY, QUOTE])
    }
  }
`;

export const loader = () => preload<MentionsPageQuery>(QUERY, {});

/** What others say to one, and nothing else. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<MentionsPageQuery>(QUERY, useLoaderData<PreloadedQuery<MentionsPageQuery>>());
  return (
    <Tabs>
      {viewer ? (
        <NotificationList viewer={viewer} kinds={KINDS} marks={false} />
      ) : (
        <SignedOut title={text.places.notifications} text={text.bell.noneText} />
      )}
    </Tabs>
  );
}
