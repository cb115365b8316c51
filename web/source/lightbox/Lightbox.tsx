import { Dialog } from 'radix-ui';
import { Suspense, useSyncExternalStore } from 'react';
import { useGiveBack } from '~/design/giveBack';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { JobLightbox } from './JobLightbox';
import styles from './Lightbox.module.css';
import { PostLightbox } from './PostLightbox';

/** Pictures over everything else; loaded when the first is opened. Focus goes back to the picture that was pressed. */
export default function Lightbox() {
  const text = useText();
  const giveBack = useGiveBack();
  const shown = useSyncExternalStore(lightbox.subscribe, lightbox.get);
  return (
    <Dialog.Root open={shown !== null} onOpenChange={() => lightbox.set(null)}>
      <Dialog.Portal>
        <Dialog.Content className={styles.lightbox} aria-describedby={undefined} data-veil="all" {...giveBack}>
          <Dialog.Title className="visually-hidden">{text.lightbox.title}</Dialog.Title>
          <Suspense
            fallback={
              <div className={styles.wait}>
                <Spinner label={text.common.loading} />
              </div>
            }
          >
            {shown && ('postId' in shown ? <PostLightbox {...shown} /> : <JobLightbox {...shown} />)}
          </Suspense>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
