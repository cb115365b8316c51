import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { useGenerateMutation } from '~/__generated__/useGenerateMutation.graphql';
import { useText } from '~/i18n/language';
import { codeText, failureText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { inputOf, type Wish } from './wish';

/** Asking for pictures. `refused` says why not, by the field of the wish (`""` for none of them), in the reader's words. */
export function useGenerate(): {
  generate: (wish: Wish, connections: readonly string[], onJob: (id: string) => void) => void;
  busy: boolean;
  refused: Readonly<Record<string, string>>;
} {
  const all = useText();
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [act, busy] = useAction<useGenerateMutation>(graphql`
    mutation useGenerateMutation($input: GenerateImagesInput!, $connections: [ID!]!) {
      generateImages(input: $input) {
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
  `);
  const generate = (wish: Wish, connections: readonly string[], onJob: (id: string) => void) => {
    setRefused({});
    act({
      input: inputOf(wish),
      variables: { connections },
      onDone: ({ generateImages: { job } }) => job && onJob(job.id),
      onRefused: (refusals) => setRefused(Object.fromEntries(refusals.map((one) => [one.path?.[0] ?? '', say(one)]))),
      onFailed: (error) => setRefused({ '': failureText(all, error) }),
    });
  };
  const say = ({ code }: Refusal) => (code === 'QUOTA_EXCEEDED' ? all.studio.quota : codeText(all, code));
  return { generate, busy, refused };
}
