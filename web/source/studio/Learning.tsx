import { GraduationCap, X } from 'lucide-react';
import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { LearningQuery } from '~/__generated__/LearningQuery.graphql';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Learning.module.css';

/** The picture in somebody's post that is learnt from, whose author will be credited. */
export function Learning({ imageId, onLetGo }: { imageId: string; onLetGo: () => void }) {
  const text = useText();
  return (
    <p className={styles.learning}>
      <Suspense fallback={<span className={styles.picture} />}>
        <Thumbnail id={imageId} />
      </Suspense>
      <span>{text.proof.learning}</span>
      <IconButton className={styles.letGo} label={text.studio.letGo} icon={<X />} onClick={onLetGo} />
    </p>
  );
}

function Thumbnail({ id }: { id: string }) {
  const { node } = useLazyLoadQuery<LearningQuery>(
    graphql`
      query LearningQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Image {
            id
            altText
            url(size: SMALL)
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  if (node?.__typename !== 'Image' || !node.url) return <GraduationCap aria-hidden="true" />;
  return <img className={styles.picture} src={node.url} alt={node.altText} />;
}
