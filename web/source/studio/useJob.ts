import { useEffect, useReducer, useRef, useState } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { useJob_job$data, useJob_job$key } from '~/__generated__/useJob_job.graphql';
import type { useJobCancelMutation } from '~/__generated__/useJobCancelMutation.graphql';
import type { useJobQuery } from '~/__generated__/useJobQuery.graphql';
import type { useJobSubscription } from '~/__generated__/useJobSubscription.graphql';
import { toast } from '~/design/Toast';
import { useText, words } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useLive } from '~/relay/useLive';
import { places } from '~/routing/places';
import { heard, isOpen, NOTHING_HEARD, type Progress } from './progress';
import { creditsMoved } from './quote';
import { unwatch, watch } from './watch';

const LOOK_AGAIN_MILLISECONDS = 5_000; // a job that waits is told nothing while others are served before it

export type Job = useJob_job$data;

const QUERY = graphql`
  query useJobQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on GenerationJob {
        id
        version
        queuePosition
      }
    }
  }
`;

/** A job with its life: followed while it goes on, from its last event after a break, as it is now after a reload. */
export function useJob(key: useJob_job$key): {
  job: Job;
  progress: Progress;
  /** What a screen reader should hear: how it ended, when it ended here. */
  said: string;
  cancel: () => void;
  stopping: boolean;
} {
  const environment = useRelayEnvironment();
  const text = useText().studio;
  const navigate = useNavigate();
  const job = useFragment(
    graphql`
      fragment useJob_job on GenerationJob {
        id
        version
        state
        phase
        fraction
        queuePosition
        prompt
        seed
        attempt
        width
        height
        style
        createdAt
        engine {
          name
          available
        }
        model {
          name
          capabilities {
            supportsSeeds
          }
        }
        outputs {
          index
          state
          failure {
            code
            stage
            categories
          }
          image {
            id
            url(size: MEDIUM)
            width
            height
            blurhash
            altText
          }
        }
        failure {
          code
          stage
          categories
        }
      }
    `,
    key,
  );
  const { id, state, attempt, fraction, phase, outputs } = job;
  const open = isOpen(state);
  const [progress, hear] = useReducer(heard, NOTHING_HEARD);
  useEffect(() => hear({ is: 'job', attempt, fraction, phase }), [attempt, fraction, phase]);

  useLive<useJobSubscription>(
    graphql`
      subscription useJobSubscription($id: ID!, $after: String) {
        generationJob(id: $id, after: $after) {
          __typename
          cursor
          ... on JobChanged {
            job {
              ...useJob_job
            }
          }
          ... on JobProgressed {
            fraction
            phase
            previewUrl
            outputIndex
          }
        }
      }
    `,
    {
      place: `job ${id}`,
      variables: open ? { id } : null,
      after: undefined,
      onEvent: ({ generationJob: event }) => {
        if (event.__typename !== 'JobProgressed') return;
        const { fraction, phase, previewUrl, outputIndex } = event;
        hear({ is: 'signal', fraction, phase, previewUrl, outputIndex });
      },
    },
  );

  useEffect(() => {
    if (state !== 'QUEUED') return;
    const timer = setInterval(
      () =>
        fetchQuery<useJobQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe({
          error: () => undefined, // its place in line is no news worth a complaint
        }),
      LOOK_AGAIN_MILLISECONDS,
    );
    return () => clearInterval(timer);
  }, [environment, id, state]);

  const goesOn = useRef(open);
  goesOn.current = open;
  useEffect(() => {
    unwatch(id);
    return () => {
      if (goesOn.current) watch(environment, id, () => void navigate(places.studio));
    };
  }, [environment, id, navigate]);

  const made = outputs.filter(({ image }) => image).length;
  const wasOpen = useRef(open);
  const [said, say] = useState('');
  useEffect(() => {
    if (wasOpen.current && !open) say(made ? text.ready(made) : text.notReady);
    wasOpen.current = open;
  }, [open, made, text]);
  const works = open && state !== 'IN_REVIEW';
  const worked = useRef(works);
  useEffect(() => {
    if (worked.current && !works) creditsMoved(); // what was not made, or is held, is given back
    worked.current = works;
  }, [works]);

  const [stopping, setStopping] = useState(false);
  const [act] = useAction<useJobCancelMutation>(graphql`
    mutation useJobCancelMutation($input: CancelGenerationInput!) {
      cancelGeneration(input: $input) {
        outcome
        job {
          ...useJob_job
        }
        userErrors {
          code
        }
      }
    }
  `);
  const cancel = () => {
    setStopping(true);
    act({
      input: { jobId: id },
      onDone: ({ cancelGeneration: { outcome } }) => {
        if (outcome) toast(words().studio.cancelled[outcome] ?? '');
        setStopping(outcome === 'STOPPING');
      },
      onFailed: () => setStopping(false),
    });
  };
  return { job, progress, said, cancel, stopping: stopping && open };
}
