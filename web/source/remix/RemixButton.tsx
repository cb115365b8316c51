import { Shuffle } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { RemixButton_post$key } from '~/__generated__/RemixButton_post.graphql';
import type { RemixButtonRequestMutation } from '~/__generated__/RemixButtonRequestMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { keepWish, keptWish, withPicture } from '~/studio/wish';

/** Remixes a picture of a post in the studio, or asks its author for leave. */
export function RemixButton({ post: key, imageId }: { post: RemixButton_post$key; imageId: string }) {
  const text = useText().remix;
  const person = useViewer()?.id ?? '';
  const navigate = useNavigate();
  const post = useFragment(
    graphql`
      fragment RemixButton_post on Post {
        id
        viewerCanRemix
        remixPolicy
        viewerRemixRequest {
          id
          state
        }
      }
    `,
    key,
  );
  const [ask, busy] = useAction<RemixButtonRequestMutation>(graphql`
    mutation RemixButtonRequestMutation($input: RequestRemixInput!) {
      requestRemix(input: $input) {
        request {
          id
          state
          post {
            ... on Post {
              id
              viewerRemixRequest {
                id
                state
              }
            }
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (post.viewerCanRemix) {
    return (
      <Button
        look="quiet"
        onClick={() => {
          keepWish(person, { ...withPicture(keptWish(person), imageId), remixOf: post.id });
          lightbox.set(null);
          void navigate(places.studio);
        }}
      >
        <Shuffle aria-hidden="true" />
        {text.act}
      </Button>
    );
  }
  if (!person || post.remixPolicy !== 'ASK') return null;
  const state = post.viewerRemixRequest?.state;
  if (state) return <p role="status">{state === 'PENDING' ? text.asked : text.declined}</p>;
  return (
    <Button
      look="quiet"
      busy={busy}
      onClick={() => ask({ input: { postId: post.id }, onDone: () => toast(text.askedNow) })}
    >
      <Shuffle aria-hidden="true" />
      {text.ask}
    </Button>
  );
}
