import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ProfileMedia_user$key } from '~/__generated__/ProfileMedia_user.graphql';
import type { ProfileMediaMoreQuery } from '~/__generated__/ProfileMediaMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { Wall } from '~/post/Wall';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';

/** A person's pictures as a wall. */
export function ProfileMedia({ user }: { user: ProfileMedia_user$key }) {
  const text = useText().profile;
  const { data, ...pagination } = usePaginationFragment<ProfileMediaMoreQuery, ProfileMedia_user$key>(
    graphql`
      fragment ProfileMedia_user on User
      @refetchable(queryName: "ProfileMediaMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        media(first: $first, after: $after) @connection(key: "ProfileMedia_media") {
          edges {
            node {
              id
              images {
                id
                width
                height
              }
            }
            ...WallTile_edge
          }
        }
      }
    `,
    user,
  );
  const pages = usePages(pagination);
  const edges = data.media?.edges ?? [];
  if (!edges.length && !pages.hasNext) return <Empty title={text.noPictures} />;
  return (
    <>
      <Wall label={text.media} edges={edges} />
      <More {...pages} />
    </>
  );
}
