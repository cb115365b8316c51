import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import styles from './Folded.module.css';

/** In the place of a post that is hidden from who looks: a line that says so, and the way to it. */
export function Folded({ why, onShow }: { why: string; onShow: () => void }) {
  const { labels } = useText();
  return (
    <p className={styles.folded}>
      <span>{why}</span>
      <Button look="quiet" small onClick={onShow}>
        {labels.show}
      </Button>
    </p>
  );
}
