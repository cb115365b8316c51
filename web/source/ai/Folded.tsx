import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import styles from './Folded.module.css';

/** In the place of a post whose pictures are all hidden: a line that says so, and the way to it. */
export function Folded({ name, onShow }: { name: string; onShow: () => void }) {
  const { labels } = useText();
  return (
    <p className={styles.folded}>
      <span>{labels.hiddenPost(name)}</span>
      <Button look="quiet" small onClick={onShow}>
        {labels.show}
      </Button>
    </p>
  );
}
