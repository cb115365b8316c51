import { Download, Palette, Send, Shapes, Wand2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { JobLightboxQuery } from '~/__generated__/JobLightboxQuery.graphql';
import { addImage } from '~/compose/draft';
import { compose } from '~/compose/open';
import { useDraft } from '~/compose/useDraft';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { PATIENT } from '~/relay/network';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { download } from '~/studio/download';
import { keepWish, keptWish, withPicture } from '~/studio/wish';
import styles from './Lightbox.module.css';
import { Story } from './Story';
import { Viewer } from './Viewer';

const SaveStyle = later(() => import('~/studio/SaveStyle'));

/** The pictures of a job of the viewer's own. `index` is that of the output. */
export function JobLightbox({ jobId, index }: { jobId: string; index: number }) {
  const text = useText();
  const draft = useDraft({});
  const person = useViewer()?.id ?? '';
  const navigate = useNavigate();
  const { node } = useLazyLoadQuery<JobLightboxQuery>(
    graphql`
      query JobLightboxQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on GenerationJob {
            id
            outputs {
              index
              styleCode
              vectorUrl
              image {
                id
                altText
                original: url(size: ORIGINAL)
                ...Viewer_image
                ...Story_image
              }
            }
          }
        }
      }
    `,
    { id: jobId },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const outputs = node?.__typename === 'GenerationJob' ? node.outputs : [];
  const made = outputs.flatMap(({ index: place, image, ...more }) => (image ? [{ place, image, ...more }] : []));
  const [saving, setSaving] = useState(false);
  const now = Math.max(
    0,
    made.findIndex(({ place }) => place === index),
  );
  const { image, styleCode, vectorUrl } = made[now] ?? {};
  const publish = () => {
    if (!image) return;
    if (!addImage(draft, image.id, image.altText)) toast(text.compose.full, { urgent: true });
    lightbox.set(null);
    compose();
  };
  const work = (imageId: string) => {
    keepWish(person, withPicture(keptWish(person), imageId));
    lightbox.set(null);
    void navigate(places.studio);
  };
  return (
    <Viewer
      images={made.map((one) => one.image)}
      index={now}
      onIndex={(next) => lightbox.set({ jobId, index: made[next]?.place ?? 0 })}
      onClose={() => lightbox.set(null)}
    >
      {image && (
        <div className={styles.about}>
          <div className={styles.own}>
            <Button onClick={publish}>
              <Send aria-hidden="true" />
              {text.studio.publish}
            </Button>
            <Button look="quiet" onClick={() => work(image.id)}>
              <Wand2 aria-hidden="true" />
              {text.studio.goOn}
            </Button>
            <Button look="quiet" onClick={() => void download(image.original ?? '', image.altText)}>
              <Download aria-hidden="true" />
              {text.studio.download}
            </Button>
            {vectorUrl && (
              <Button look="quiet" onClick={() => void download(vectorUrl, image.altText)}>
                <Shapes aria-hidden="true" />
                {text.drawing.vector}
              </Button>
            )}
            {styleCode && (
              <Button look="quiet" onClick={() => setSaving(true)}>
                <Palette aria-hidden="true" />
                {text.manner.save}
              </Button>
            )}
          </div>
          <Story image={image} />
          {saving && (
            <Suspense>
              <SaveStyle imageId={image.id} onClose={() => setSaving(false)} />
            </Suspense>
          )}
        </div>
      )}
    </Viewer>
  );
}
