import { Copy, Download } from 'lucide-react';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import styles from './Security.module.css';
import { securityWords } from './words';

/** Recovery codes, told once: they live in the page's memory only, and not beyond this dialog. */
export function CodesDialog({ codes, onClose }: { codes: readonly string[] | null; onClose: () => void }) {
  const text = useText();
  const words = securityWords.useText().codes;
  const lines = `${(codes ?? []).join('\n')}\n`;
  const copy = () => {
    void navigator.clipboard
      ?.writeText(lines)
      .then(() => toast(words.copied))
      .catch(() => toast(text.failure.codes.OTHER, { urgent: true }));
  };
  const download = () => {
    const address = URL.createObjectURL(new Blob([`${location.host}\n\n${lines}`], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `fresque-${words.title.toLowerCase().replaceAll(' ', '-')}.txt`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Dialog
      open={codes !== null}
      onOpenChange={onClose}
      title={words.shown}
      description={words.shownText}
      closesOutside={false}
    >
      <div className={styles.form}>
        <ol className={styles.codes} aria-label={words.shown}>
          {(codes ?? []).map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <div className={styles.buttons}>
          <Button look="quiet" onClick={copy}>
            <Copy aria-hidden="true" />
            {words.copy}
          </Button>
          <Button look="quiet" onClick={download}>
            <Download aria-hidden="true" />
            {words.download}
          </Button>
          <Button onClick={onClose}>{words.kept}</Button>
        </div>
      </div>
    </Dialog>
  );
}
