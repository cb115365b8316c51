import { X } from 'lucide-react';
import { Suspense } from 'react';
import { graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay/hooks';
import type { PicturesQuery } from '~/__generated__/PicturesQuery.graphql';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { PATIENT } from '~/relay/network';
import type { Store } from '~/state/store';
import { Declared } from './Declared';
import { type Draft, type DraftPicture, withPicture } from './draft';
import { removePicture, tryAgain } from './files';
import { LONGEST_ALT } from './measure';
import styles from './Pictures.module.css';
import { mayTryAgain } from './upload';

/** The pictures of a draft, each with how its upload goes and what it shows in words. */
export function Pictures({ store, pictures }: { store: Store<Draft>; pictures: readonly DraftPicture[] }) {
  if (!pictures.length) return null;
  return (
    <ul className={pictures.length > 1 ? `${styles.pictures} ${styles.several}` : styles.pictures}>
      {pictures.map((picture, index) => (
        <Place key={picture.key} store={store} picture={picture} number={index + 1} several={pictures.length > 1} />
      ))}
    </ul>
  );
}

type PlaceProps = { store: Store<Draft>; picture: DraftPicture; number: number; several: boolean };

function Place({ store, picture, number, several }: PlaceProps) {
  const text = useText();
  const environment = useRelayEnvironment();
  const { key, upload, preview, altText, madeWithAi } = picture;
  const words = text.compose;
  return (
    <li className={styles.place}>
      <div className={styles.frame} data-upload={upload.at}>
        {preview ? (
          <img src={preview} alt={altText || words.picture(number)} className={styles.image} />
        ) : (
          upload.at === 'kept' && (
            <Suspense fallback={<div className={styles.empty} />}>
              <Kept id={upload.imageId} altText={altText || words.picture(number)} />
            </Suspense>
          )
        )}
        {(upload.at === 'asking' || upload.at === 'sending') && (
          <progress
            className={styles.bar}
            aria-label={`${words.uploading}: ${words.picture(number)}`}
            {...(upload.at === 'sending' ? { value: upload.fraction } : {})}
          />
        )}
        {upload.at === 'checking' && <span className={styles.note}>{words.checking}</span>}
        {upload.at === 'refused' && (
          <div className={styles.refused} role="alert">
            <span>{words.uploadRefused[upload.why]}</span>
            {mayTryAgain(upload.why) && (
              <Button small look="quiet" onClick={() => tryAgain(environment, store, key)}>
                {text.common.retry}
              </Button>
            )}
          </div>
        )}
        <IconButton
          className={styles.remove}
          onPicture
          label={`${words.removePicture} ${number}`}
          icon={<X />}
          onClick={() => removePicture(store, key)}
        />
      </div>
      {upload.at !== 'refused' && (
        <textarea
          className={styles.alt}
          rows={2}
          value={altText}
          maxLength={LONGEST_ALT}
          dir="auto"
          placeholder={several ? words.alt : `${words.alt}. ${words.altHint}`}
          aria-label={words.altLabel(number)}
          onChange={({ target: { value } }) =>
            store.update((now) => withPicture(now, key, (one) => ({ ...one, altText: value })))
          }
        />
      )}
      {upload.at === 'kept' && (
        <Suspense>
          <Declared
            id={upload.imageId}
            number={number}
            value={madeWithAi ?? null}
            onChange={(value) => store.update((now) => withPicture(now, key, (one) => ({ ...one, madeWithAi: value })))}
          />
        </Suspense>
      )}
    </li>
  );
}

function Kept({ id, altText }: { id: string; altText: string }) {
  const text = useText().compose;
  const { node } = useLazyLoadQuery<PicturesQuery>(
    graphql`
      query PicturesQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Image {
            id
            url(size: MEDIUM)
            width
            height
            blurhash
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  if (node?.__typename !== 'Image') return <span className={styles.note}>{text.pictureGone}</span>;
  return <Picture image={{ ...node, altText }} src={node.url} eager />;
}
