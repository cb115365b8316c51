import { useText } from '~/i18n/language';
import { Button } from './Button';
import styles from './Confirm.module.css';
import { Dialog } from './Dialog';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  /** What the button that does it says. */
  action: string;
  busy?: boolean;
  onConfirm: () => void;
};

/** Asks before something that cannot be undone. */
export default function Confirm({ open, onOpenChange, title, text: question, action, busy, onConfirm }: Props) {
  const text = useText();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={question}>
      <div className={styles.buttons}>
        <Button look="quiet" onClick={() => onOpenChange(false)}>
          {text.common.cancel}
        </Button>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
