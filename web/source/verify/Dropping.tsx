import { ScanSearch } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TYPES } from '~/compose/upload';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import styles from './Dropping.module.css';

/** Where a picture is handed in: dropped here, pasted anywhere on the page, or chosen. */
export function Dropping({ onPicture }: { onPicture: (file: File) => void }) {
  const text = useText().verify;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = [...(event.clipboardData?.files ?? [])][0];
      if (!file) return;
      event.preventDefault();
      onPicture(file);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [onPicture]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way of several; the button inside does the same
    <div
      className={over ? `${styles.place} ${styles.over}` : styles.place}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onPicture(file);
      }}
    >
      <span className={styles.sign} aria-hidden="true">
        <ScanSearch />
      </span>
      <p className={styles.how}>{text.drop}</p>
      <button type="button" className={buttonClass()} onClick={() => input.current?.click()}>
        {text.choose}
      </button>
      <p className={styles.kinds}>{text.kinds}</p>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={text.choose}
        accept={TYPES.join(',')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onPicture(file);
        }}
      />
    </div>
  );
}
