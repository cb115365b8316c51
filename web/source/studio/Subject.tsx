import { Blend, Eraser, Expand, Wand2, X } from 'lucide-react';
import { type ReactNode, Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { SubjectQuery } from '~/__generated__/SubjectQuery.graphql';
import { IconButton } from '~/design/IconButton';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Subject.module.css';
import type { DEEDS, Wish } from './wish';

type Work = (typeof DEEDS)[number];

export const DEED_ICONS: Readonly<Record<Work, ReactNode>> = {
  EDIT: <Wand2 aria-hidden="true" />,
  VARY: <Blend aria-hidden="true" />,
  UPSCALE: <Expand aria-hidden="true" />,
  REMOVE_BACKGROUND: <Eraser aria-hidden="true" />,
};

type Props = {
  wish: Wish;
  deeds: readonly Work[];
  onChange: (part: Partial<Wish>) => void;
  onLetGo: () => void;
};

/** The picture that is worked on, what is done with it, and its siblings, which may be taken in its place. */
export function Subject({ wish, deeds, onChange, onLetGo }: Props) {
  const all = useText();
  const text = all.studio;
  const credit = all.remix.source;
  return (
    <div className={styles.subject}>
      <Suspense fallback={<span className={styles.waiting} />}>
        <Thumbnails
          id={wish.imageId}
          onPick={(imageId) =>
            onChange({ imageId, remixOf: imageId === wish.imageId ? wish.remixOf : '', maskId: '', guideId: '' })
          }
          onGone={onLetGo}
        />
      </Suspense>
      <Segments
        label={text.deed}
        value={wish.deed as Work}
        onChange={(deed) => onChange({ deed })}
        options={deeds
          .filter((deed) => !wish.remixOf || deed === 'EDIT' || deed === 'VARY')
          .map((deed) => ({ value: deed, label: text.deeds[deed], icon: DEED_ICONS[deed] }))}
      />
      {wish.remixOf && <p className={styles.credit}>{credit}</p>}
      <IconButton className={styles.letGo} label={text.letGo} icon={<X />} onClick={onLetGo} />
    </div>
  );
}

function Thumbnails({ id, onPick, onGone }: { id: string; onPick: (id: string) => void; onGone: () => void }) {
  const text = useText().studio;
  const { node } = useLazyLoadQuery<SubjectQuery>(
    graphql`
      query SubjectQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Image {
            id
            altText
            url(size: SMALL)
            generation {
              outputs {
                image {
                  id
                  altText
                  url(size: SMALL)
                }
              }
            }
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  if (node?.__typename !== 'Image') {
    return (
      <button type="button" className={styles.gone} onClick={onGone}>
        {text.subjectGone}
      </button>
    );
  }
  const siblings = (node.generation?.outputs ?? []).flatMap(({ image }) => (image ? [image] : []));
  const choices = siblings.some((image) => image.id === node.id) ? siblings : [node];
  return (
    <span className={styles.thumbnails}>
      {choices.map((image, index) => (
        <button
          key={image.id}
          type="button"
          className={styles.thumbnail}
          aria-pressed={image.id === node.id}
          aria-label={text.subject(index + 1, image.altText)}
          onClick={() => onPick(image.id)}
        >
          <img src={image.url ?? ''} alt="" />
        </button>
      ))}
    </span>
  );
}
