import { graphql } from 'react-relay/hooks';
import type { useRetryMutation } from '~/__generated__/useRetryMutation.graphql';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { creditsMoved } from './quote';

const AGAIN = ['FAILED', 'CANCELLED', 'EXPIRED', 'TIMED_OUT', 'PARTIAL'];

/** Whether a job can be done again: it ended without all that was wanted, and no safety check refused it. */
export const canRetry = (state: string): boolean => AGAIN.includes(state);

/** Doing a job again: a new one makes what the other did not. */
export function useRetry(): {
  retry: (jobId: string, connections: readonly string[], onJob: (id: string) => void) => void;
  retrying: boolean;
} {
  const text = useText();
  const [act, retrying] = useAction<useRetryMutation>(graphql`
    mutation useRetryMutation($input: RetryGenerationInput!, $connections: [ID!]!) {
      retryGeneration(input: $input) {
        job @prependNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          parent {
            job {
              id
            }
          }
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const retry = (jobId: string, connections: readonly string[], onJob: (id: string) => void) =>
    act({
      input: { jobId },
      variables: { connections },
      onDone: ({ retryGeneration: { job } }) => {
        creditsMoved();
        if (job) onJob(job.id);
      },
      onRefused: ([first]) =>
        toast(first?.code === 'QUOTA_EXCEEDED' ? text.cost.refused : codeText(text, first?.code ?? 'OTHER'), {
          urgent: true,
        }),
    });
  return { retry, retrying };
}
