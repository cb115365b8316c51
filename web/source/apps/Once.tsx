import { Copy } from 'lucide-react';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import styles from './Once.module.css';
import { appWords } from './words';

type Props = { title: string; label: string; secret: string | null; onClose: () => void };

/** A secret that is told once: it lives in the page's memory only, and not beyond this dialog. */
export function Once({ title, label, secret, onClose }: Props) {
  const text = useText();
  const words = appWords.useText();
  const copy = () => {
    void navigator.clipboard
      ?.writeText(secret ?? '')
      .then(() => toast(words.copied))
      .catch(() => toast(text.failure.codes.OTHER, { urgent: true }));
  };
  return (
    <Dialog open={secret !== null} onOpenChange={onClose} title={title} description={words.once} closesOutside={false}>
      <div className={styles.body}>
        <output className={styles.secret} aria-label={label}>
          {secret}
        </output>
        <div className={styles.buttons}>
          <Button onClick={copy}>
            <Copy aria-hidden="true" />
            {words.copy}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {words.kept}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
