import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { PostSharingPolicyMutation } from '~/__generated__/PostSharingPolicyMutation.graphql';
import type { PostSharingPromptsMutation } from '~/__generated__/PostSharingPromptsMutation.graphql';
import type { PostSharingQuery } from '~/__generated__/PostSharingQuery.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { useAction } from '~/relay/useAction';
import { SharingFields } from './SharingFields';
import type { RemixPolicy, ShownTo } from './sharing';

/** Who may remix a post of one's own and who sees its prompts, to be changed. */
export default function PostSharing({ postId, onClose }: { postId: string; onClose: () => void }) {
  const text = useText().remix;
  const { node } = useLazyLoadQuery<PostSharingQuery>(
    graphql`
      query PostSharingQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Post {
            id
            remixPolicy
            promptVisibility
          }
        }
      }
    `,
    { id: postId },
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const [setPolicy] = useAction<PostSharingPolicyMutation>(graphql`
    mutation PostSharingPolicyMutation($input: UpdateRemixPolicyInput!) {
      updateRemixPolicy(input: $input) {
        post {
          id
          version
          remixPolicy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [setPrompts] = useAction<PostSharingPromptsMutation>(graphql`
    mutation PostSharingPromptsMutation($input: UpdatePromptVisibilityInput!) {
      updatePromptVisibility(input: $input) {
        post {
          id
          version
          promptVisibility
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (node?.__typename !== 'Post') return null;
  return (
    <Dialog open onOpenChange={onClose} title={text.settle}>
      <SharingFields
        policy={node.remixPolicy as RemixPolicy}
        shownTo={node.promptVisibility as ShownTo}
        onPolicy={(policy) => policy && setPolicy({ input: { postId, policy } })}
        onShownTo={(visibility) => visibility && setPrompts({ input: { postId, visibility } })}
      />
    </Dialog>
  );
}
