import { useState } from 'react';
import { type GraphQLTaggedNode, graphql } from 'react-relay/hooks';
import type { useGenerateMutation } from '~/__generated__/useGenerateMutation.graphql';
import { useText } from '~/i18n/language';
import { codeText, failureText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import type { OpenPost } from './Publishing';
import { creditsMoved } from './quote';
import { type Deed, inputOf, isFree, type Wish } from './wish';

// The answer has one name whatever was asked for, so that there is one way to read it.
const DOCUMENTS: Record<Deed, GraphQLTaggedNode> = {
  GENERATE: graphql`
    mutation useGenerateMutation($input: GenerateImagesInput!, $connections: [ID!]!) {
      asked: generateImages(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `,
  EDIT: graphql`
    mutation useGenerateEditMutation($input: EditImageInput!, $connections: [ID!]!) {
      asked: editImage(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `,
  VARY: graphql`
    mutation useGenerateVaryMutation($input: VaryImageInput!, $connections: [ID!]!) {
      asked: varyImage(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `,
  UPSCALE: graphql`
    mutation useGenerateUpscaleMutation($input: UpscaleImageInput!, $connections: [ID!]!) {
      asked: upscaleImage(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `,
  REMOVE_BACKGROUND: graphql`
    mutation useGenerateRemoveBackgroundMutation($input: RemoveBackgroundInput!, $connections: [ID!]!) {
      asked: removeBackground(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `,
};

/** Asking for pictures. `refused` says why not, by the field of the wish (`""` for none of them), in the reader's words. */
export function useGenerate(deed: Deed = 'GENERATE'): {
  generate: (wish: Wish, connections: readonly string[], onJob: (id: string) => void, post?: OpenPost | null) => void;
  busy: boolean;
  refused: Readonly<Record<string, string>>;
} {
  const all = useText();
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [act, busy] = useAction<useGenerateMutation>(DOCUMENTS[deed]);
  const generate = (
    wish: Wish,
    connections: readonly string[],
    onJob: (id: string) => void,
    post: OpenPost | null = null,
  ) => {
    setRefused({});
    act({
      input: post && isFree(wish.deed) ? { ...inputOf(wish), publish: post } : inputOf(wish),
      variables: { connections },
      onDone: ({ asked: { job } }) => {
        creditsMoved();
        if (job) onJob(job.id);
      },
      onRefused: (refusals) => setRefused(Object.fromEntries(refusals.map((one) => [one.path?.[0] ?? '', say(one)]))),
      onFailed: (error) => setRefused({ '': failureText(all, error) }),
    });
  };
  const say = ({ code }: Refusal) => (code === 'QUOTA_EXCEEDED' ? all.cost.refused : codeText(all, code));
  return { generate, busy, refused };
}
