import { Copy } from 'lucide-react';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import styles from './SecretDialog.module.css';
import { webhookWords } from './words';

/** A webhook's secret, told once: it lives in the page's memory only, and not beyond this dialog. */
export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  const text = useText();
  const words = webhookWords.useText();
  const copy = () => {
    void navigator.clipboard
      ?.writeText(secret ?? '')
      .then(() => toast(words.copied))
      .catch(() => toast(text.failure.codes.OTHER, { urgent: true }));
  };
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={onClose}
      title={words.secretShown}
      description={`${words.secretText} ${words.secretOnce}`}
      closesOutside={false}
    >
      <div className={styles.body}>
        <output className={styles.secret} aria-label={words.secret}>
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
