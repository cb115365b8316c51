import { useLayoutEffect, useRef } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { type LoaderFunctionArgs, NavigationType, useLoaderData, useLocation, useNavigationType } from 'react-router';
import type { ConversationPageQuery } from '~/__generated__/ConversationPageQuery.graphql';
import { useText } from '~/i18n/language';
import { PostCard } from '~/post/PostCard';
import { preload, usePage } from '~/relay/usePage';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { Ancestors } from './Ancestors';
import { Replies } from './Replies';
import { ReplySlot } from './ReplySlot';

const QUERY = graphql`
  query ConversationPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Post {
        id
        text
        author {
          displayName
        }
        viewerCanReply
        replyPolicy
        ...PostCard_post
        ...Ancestors_post
        ...Replies_post
      }
    }
  }
`;

export const loader = ({ params }: LoaderFunctionArgs) =>
  preload<ConversationPageQuery>(QUERY, { id: params.id ?? '' });

const TITLE_CHARACTERS = 60;

/** A post with what it answers above and its replies below. */
export function Component() {
  const reference = useLoaderData<PreloadedQuery<ConversationPageQuery>>();
  const { node: post } = usePage<ConversationPageQuery>(QUERY, reference);
  const text = useText();
  const navigation = useNavigationType();
  const location = useLocation();
  const focused = useRef<HTMLDivElement>(null);
  const id = post?.__typename === 'Post' ? post.id : undefined;
  // What is above is read upwards: the page opens at the post itself. Going back, the router knows where one was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each post
  useLayoutEffect(() => {
    if (navigation === NavigationType.Pop && location.key !== 'default') return;
    // In the next frame: the router goes to the top in this one.
    const frame = requestAnimationFrame(() =>
      focused.current?.querySelector('[data-post]')?.scrollIntoView({ block: 'start', behavior: 'instant' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [id]);
  if (post?.__typename !== 'Post') return <NotFound text={text.conversation.missing} />;
  const title = post.text
    ? `${post.author.displayName}: ${post.text.slice(0, TITLE_CHARACTERS)}`
    : text.post.label(post.author.displayName);
  return (
    <Page key={post.id} title={title} heading={text.conversation.title} back>
      <Ancestors post={post} />
      <div ref={focused}>
        <PostCard post={post} inThread focused eager />
      </div>
      <ReplySlot postId={post.id} mayReply={post.viewerCanReply} policy={post.replyPolicy} />
      <Replies post={post} />
    </Page>
  );
}
