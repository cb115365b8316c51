import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { NotificationsPageQuery } from '~/__generated__/NotificationsPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { NotificationList } from './NotificationList';
import { Tabs } from './Tabs';

const QUERY = graphql`
  query NotificationsPageQuery {
    viewer {
      ...NotificationList_viewer
    }
  }
`;

export const loader = () => preload<NotificationsPageQuery>(QUERY, {});

/** What one is told of, the latest first. What is on screen is read. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<NotificationsPageQuery>(QUERY, useLoaderData<PreloadedQuery<NotificationsPageQuery>>());
  return (
    <Tabs>
      {viewer ? (
        <NotificationList viewer={viewer} kinds={[]} marks />
      ) : (
        <SignedOut title={text.places.notifications} text={text.bell.noneText} />
      )}
    </Tabs>
  );
}
