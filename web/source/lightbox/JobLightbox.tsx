import { Download, Send } from 'lucide-react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { JobLightboxQuery } from '~/__generated__/JobLightboxQuery.graphql';
import { addImage } from '~/compose/draft';
import { compose } from '~/compose/open';
import { useDraft } from '~/compose/useDraft';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { PATIENT } from '~/relay/network';
import { download } from '~/studio/download';
import styles from './Lightbox.module.css';
import { Story } from './Story';
import { Viewer } from './Viewer';

/** The pictures of a job of the viewer's own. `index` is that of the output. */
export function JobLightbox({ jobId, index }: { jobId: string; index: number }) {
  const text = useText();
  const draft = useDraft({});
  const { node } = useLazyLoadQuery<JobLightboxQuery>(
    graphql`
      query JobLightboxQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on GenerationJob {
            id
            outputs {
              index
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
  const made = outputs.flatMap(({ index: place, image }) => (image ? [{ place, image }] : []));
  const now = Math.max(
    0,
    made.findIndex(({ place }) => place === index),
  );
  const image = made[now]?.image;
  const publish = () => {
    if (!image) return;
    if (!addImage(draft, image.id, image.altText)) toast(text.compose.full, { urgent: true });
    lightbox.set(null);
    compose();
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
            <Button look="quiet" onClick={() => void download(image.original ?? '', image.altText)}>
              <Download aria-hidden="true" />
              {text.studio.download}
            </Button>
          </div>
          <Story image={image} />
        </div>
      )}
    </Viewer>
  );
}
