import { fetchQuery, graphql } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import type { beginQuery } from '~/__generated__/beginQuery.graphql';
import { type Draft, draftOf, EMPTY, frozen, isBlank, placeOf } from '~/compose/draft';
import { compose } from '~/compose/open';
import { nearestTime } from '~/compose/poll';
import { newKey } from '~/relay/useAction';

const QUERY = graphql`
  query beginQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Post {
        id
        text
        contentWarning
        editCount
        images {
          id
          altText
        }
        poll {
          multiple
          hidesResults
          endsAt
          options {
            text
          }
        }
      }
    }
  }
`;

/** Open the composer with a post of one's own as it is now, or with what one had begun to change in it. Throws when it does not come. */
export async function beginEdit(environment: IEnvironment, personId: string, postId: string): Promise<void> {
  const found = await fetchQuery<beginQuery>(environment, QUERY, { id: postId }).toPromise();
  const post = found?.node;
  if (post?.__typename !== 'Post') throw new Error('There is no such post.');
  const what = { editedPostId: postId };
  const store = draftOf(placeOf(personId, what));
  const begun = store.get();
  if (isBlank(begun) || begun.edits !== post.editCount) {
    store.set(draftOfPost(post));
    untouched.set(postId, frozen(store.get()));
  }
  compose(what);
}

const untouched = new Map<string, string | null>();

/** Whether a post is in the composer as it came, nothing changed. */
export function isUntouched(postId: string, draft: Draft): boolean {
  return untouched.has(postId) && untouched.get(postId) === frozen(draft);
}

type Edited = Extract<NonNullable<beginQuery['response']['node']>, { __typename: 'Post' }>;

function draftOfPost({ text, contentWarning, images, poll, editCount }: Edited): Draft {
  const minutes = poll ? (Date.parse(poll.endsAt) - Date.now()) / 60_000 : 0;
  return {
    ...EMPTY,
    text,
    warning: contentWarning ?? null,
    edits: editCount,
    pictures: images.map(({ id, altText }) => ({
      key: newKey(),
      altText,
      upload: { at: 'kept', imageId: id },
      preview: null,
    })),
    poll: poll
      ? {
          options: poll.options.map((one) => one.text),
          multiple: poll.multiple,
          hidesResults: poll.hidesResults,
          minutes: nearestTime(minutes),
        }
      : null,
  };
}
