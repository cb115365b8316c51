import { graphql } from 'react-relay/hooks';
import { readInlineData } from 'relay-runtime';
import type { content_draft$data, content_draft$key } from '~/__generated__/content_draft.graphql';

/** All that a draft of the server says. */
export type Kept = content_draft$data;
export type KeptRef = content_draft$key;

/** All that a draft of the server says, out of what refers to it. */
export function kept(ref: KeptRef): Kept {
  return readInlineData(
    graphql`
      fragment content_draft on Draft @inline {
        id
        version
        state
        visibility
        replyToId
        replyPolicy
        quotePolicy
        remixPolicy
        promptVisibility
        altText
        wish {
          prompt
          priority
          settings {
            name
            value
          }
          references {
            id
          }
          remixOf {
            postId
            imageId
          }
        }
        posts {
          text
          contentWarning
          isSensitive
          quotedPostId
          poll {
            options
            minutes
            multiple
            hidesResults
          }
          images {
            altText
            madeWithAi
            image {
              id
            }
          }
        }
      }
    `,
    ref,
  );
}

/** What a draft says, as the API takes it: given back as it is, nothing changes. */
export function contentOf(draft: Kept) {
  const { wish } = draft;
  return {
    posts: draft.posts.map(({ text, contentWarning, isSensitive, quotedPostId, poll, images }) => ({
      text,
      contentWarning,
      isSensitive,
      quotedPostId,
      poll,
      images: images.flatMap(({ image, altText, madeWithAi }) =>
        image ? [{ imageId: image.id, altText, madeWithAi }] : [],
      ),
    })),
    replyToId: draft.replyToId,
    visibility: draft.visibility,
    replyPolicy: draft.replyPolicy,
    quotePolicy: draft.quotePolicy,
    remixPolicy: draft.remixPolicy,
    promptVisibility: draft.promptVisibility,
    altText: draft.altText,
    wish: wish && {
      prompt: wish.prompt,
      priority: wish.priority,
      ...Object.fromEntries(wish.settings.map(({ name, value }) => [camel(name), settled(name, value)])),
      referenceIds: wish.references.map(({ id }) => id),
      ...(wish.remixOf && { remixOf: wish.remixOf }),
    },
  };
}

const NUMBERS = ['WIDTH', 'HEIGHT', 'COUNT', 'STRENGTH'];

const settled = (name: string, value: string) => (NUMBERS.includes(name) ? Number(value) : value);

/** NEGATIVE_PROMPT as the field of an input is called. */
const camel = (name: string) => name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
