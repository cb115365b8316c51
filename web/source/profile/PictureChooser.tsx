import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { More } from '~/timeline/More';
import styles from './PictureChooser.module.css';
import { useOwnPictures } from './useOwnPictures';
import type { Kept } from './usePictureChoice';

type Props = { open: boolean; onOpenChange: (open: boolean) => void; onChoose: (picture: Kept) => void };

/** One's own pictures, to choose one. */
export function PictureChooser({ open, onOpenChange, onChoose }: Props) {
  const text = useText().editing;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.chooseTitle} description={text.public} wide>
      <Grid onChoose={onChoose} />
    </Dialog>
  );
}

function Grid({ onChoose }: Pick<Props, 'onChoose'>) {
  const text = useText().editing;
  const { pictures, forget: _, ...pages } = useOwnPictures();
  if (!pictures.length && !pages.hasNext && !pages.isLoading && !pages.failed)
    return <p className={styles.none}>{text.noPictures}</p>;
  return (
    <>
      <ul className={styles.grid}>
        {pictures.map(({ id, url, small, ...image }) => (
          <li key={id}>
            <button
              type="button"
              className={styles.picture}
              aria-label={text.pictureLabel(image.altText)}
              onClick={() => onChoose({ id, url })}
            >
              <Picture image={{ ...image, altText: '' }} src={small} ratio={1} />
            </button>
          </li>
        ))}
      </ul>
      <More {...pages} end="" />
    </>
  );
}
