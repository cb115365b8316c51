import { graphql } from 'react-relay/hooks';
import { type Disposable, type IEnvironment, requestSubscription } from 'relay-runtime';
import type { watchSubscription } from '~/__generated__/watchSubscription.graphql';
import { toast } from '~/design/Toast';
import { words } from '~/i18n/language';
import { heardOf } from '~/relay/useLive';
import { isOpen } from './progress';

const SUBSCRIPTION = graphql`
  subscription watchSubscription($id: ID!, $after: String) {
    generationJob(id: $id, after: $after) {
      __typename
      cursor
      ... on JobChanged {
        job {
          id
          version
          state
          outputs {
            index
            image {
              id
            }
          }
          ...useJob_job
        }
      }
    }
  }
`;

const watched = new Map<string, Disposable>();

/** Follow a job that nobody looks at any more and say when it has come to its end; `onView` goes where it can be seen. */
export function watch(environment: IEnvironment, id: string, onView: () => void): void {
  if (watched.has(id)) return;
  const following = requestSubscription<watchSubscription>(environment, {
    subscription: SUBSCRIPTION,
    variables: { id, after: heardOf(`job ${id}`) },
    onNext: (data) => {
      const job = data?.generationJob.job;
      if (!job || isOpen(job.state) || !watched.has(id)) return;
      unwatch(id);
      const text = words().studio;
      const made = job.outputs.filter(({ image }) => image).length;
      if (made) toast(text.ready(made), { action: { label: words().compose.view, run: onView } });
      else if (job.state !== 'CANCELLED') toast(text.notReady);
    },
    onError: () => unwatch(id), // the studio tells when it is gone to
  });
  watched.set(id, following);
}

/** Somebody looks at it again. */
export function unwatch(id: string): void {
  watched.get(id)?.dispose();
  watched.delete(id);
}
