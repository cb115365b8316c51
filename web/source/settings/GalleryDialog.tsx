import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { GalleryDialogMutation } from '~/__generated__/GalleryDialogMutation.graphql';
import Confirm from '~/design/Confirm';
import { Dialog } from '~/design/Dialog';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { useOwnPictures } from '~/profile/useOwnPictures';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { More } from '~/timeline/More';
import styles from './GalleryDialog.module.css';

/** One's own pictures, each of which can be deleted when nothing shows it. */
export default function GalleryDialog({ onClose }: { onClose: () => void }) {
  const text = useText();
  const words = text.edits;
  const { pictures, forget, ...pages } = useOwnPictures();
  const [chosen, setChosen] = useState<string | null>(null);
  const [remove, busy] = useAction<GalleryDialogMutation>(graphql`
    mutation GalleryDialogMutation($input: DeleteImageInput!) {
      deleteImage(input: $input) {
        deletedImageId @deleteRecord
        userErrors {
          code
          path
        }
      }
    }
  `);
  const confirmed = (imageId: string) =>
    remove({
      input: { imageId },
      onDone: () => {
        setChosen(null);
        forget(imageId);
        toast(words.galleryDeleted);
      },
      onRefused: ([refusal]) => {
        setChosen(null);
        const shown = refusal?.code === 'CONFLICT';
        toast(shown ? words.galleryShown : codeText(text, refusal?.code ?? 'OTHER'), { urgent: true });
      },
    });
  const none = !pictures.length && !pages.hasNext && !pages.isLoading && !pages.failed;
  return (
    <Dialog open onOpenChange={onClose} title={words.gallery} description={words.galleryText} wide>
      {none && <p className={styles.none}>{words.galleryNone}</p>}
      <ul className={styles.grid}>
        {pictures.map(({ id, url: _, small, ...image }) => (
          <li key={id} className={styles.place}>
            <Picture image={image} src={small} ratio={1} />
            <IconButton
              className={styles.remove}
              onPicture
              label={image.altText ? `${words.galleryDelete}: ${image.altText}` : words.galleryDelete}
              icon={<Trash2 />}
              onClick={() => setChosen(id)}
            />
          </li>
        ))}
      </ul>
      {!none && <More {...pages} end="" />}
      {chosen && (
        <Confirm
          open
          onOpenChange={() => setChosen(null)}
          title={words.galleryAsk}
          text={words.galleryAskText}
          action={text.post.delete}
          busy={busy}
          onConfirm={() => confirmed(chosen)}
        />
      )}
    </Dialog>
  );
}
