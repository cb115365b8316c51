import { Suspense, useState, useSyncExternalStore } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { MakerJobQuery } from '~/__generated__/MakerJobQuery.graphql';
import type { MakerQuery } from '~/__generated__/MakerQuery.graphql';
import type { useJob_job$key } from '~/__generated__/useJob_job.graphql';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import type { Store } from '~/state/store';
import { JobPictures } from '~/studio/JobPictures';
import { JobStatus, troubleOf } from '~/studio/JobStatus';
import { isOpen } from '~/studio/progress';
import { chosenOf, useEngines } from '~/studio/useEngines';
import { useGenerate } from '~/studio/useGenerate';
import { useJob } from '~/studio/useJob';
import { WishForm } from '~/studio/WishForm';
import { fitted, PLAIN, type Wish } from '~/studio/wish';
import { addImage, type Draft } from './draft';
import { removePicture } from './files';
import styles from './Maker.module.css';

/** Makes a picture inside the composer: words, the picture as it comes, and into the post. The job survives a reload. */
export default function Maker({ store }: { store: Store<Draft> }) {
  const { engines: key } = useLazyLoadQuery<MakerQuery>(
    graphql`
      query MakerQuery {
        engines {
          ...useEngines_engines
        }
      }
    `,
    {},
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const engines = useEngines(key);
  const { prompt, jobId } = useSyncExternalStore(store.subscribe, store.get);
  const [settings, setSettings] = useState<Wish>(PLAIN);
  const { generate, busy, refused } = useGenerate();
  const chosen = chosenOf(engines, settings);
  const wish = { ...(chosen ? fitted(settings, chosen.can) : settings), prompt };
  return (
    <div className={styles.maker}>
      <WishForm
        small
        engines={engines}
        wish={wish}
        onWish={(next) => {
          setSettings(next);
          store.update((now) => ({ ...now, prompt: next.prompt }));
        }}
        onMake={() => generate(wish, [], (id) => store.update((now) => ({ ...now, jobId: id })))}
        busy={busy}
        refused={refused}
      />
      {jobId && (
        <Suspense fallback={<div className={styles.wait} />}>
          <MadeHere key={jobId} id={jobId} store={store} />
        </Suspense>
      )}
    </div>
  );
}

function MadeHere({ id, store }: { id: string; store: Store<Draft> }) {
  const { node } = useLazyLoadQuery<MakerJobQuery>(
    graphql`
      query MakerJobQuery($id: ID!) {
        node(id: $id) {
          __typename
          ...useJob_job
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  return node?.__typename === 'GenerationJob' ? <Made job={node} store={store} /> : null;
}

function Made({ job: key, store }: { job: useJob_job$key; store: Store<Draft> }) {
  const text = useText();
  const { job, progress, said, cancel, stopping } = useJob(key);
  const { pictures } = useSyncExternalStore(store.subscribe, store.get);
  const chosen = pictures.flatMap(({ upload }) => (upload.at === 'kept' ? [upload.imageId] : []));
  const made = job.outputs.flatMap(({ image }) => (image ? [image.id] : []));
  const used = !isOpen(job.state) && made.length > 0 && made.every((id) => chosen.includes(id));
  const trouble = troubleOf(job, text);
  const pick = (imageId: string, _: number, altText: string) => {
    const picture = pictures.find(({ upload }) => upload.at === 'kept' && upload.imageId === imageId);
    if (picture) removePicture(store, picture.key);
    else if (!addImage(store, imageId, altText)) toast(text.compose.full, { urgent: true });
  };
  return (
    <div className={styles.made}>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {!used && <JobPictures job={job} progress={progress} chosen={chosen} onPick={pick} />}
      {isOpen(job.state) && <JobStatus job={job} progress={progress} stopping={stopping} onCancel={cancel} />}
      {trouble && <p className={styles.trouble}>{trouble}</p>}
    </div>
  );
}
