import { ImagePlus, X } from 'lucide-react';
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { type Draft, MOST_PICTURES } from '~/compose/draft';
import { addFiles } from '~/compose/files';
import { Meter } from '~/compose/Meter';
import { LONGEST, measure } from '~/compose/measure';
import { Pictures } from '~/compose/Pictures';
import { TextBox } from '~/compose/TextBox';
import { TYPES } from '~/compose/upload';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import type { Store } from '~/state/store';
import styles from './ThreadPost.module.css';

type Props = {
  store: Store<Draft>;
  number: number;
  of: number;
  trouble: string | undefined;
  onSend: () => void;
  onRemove: () => void;
  busy: boolean;
  /** Whether it was just added: then it is what one writes next. */
  isNew: boolean;
};

/** One of the posts that follow a thread's first one. */
export function ThreadPost({ store, number, of, trouble, onSend, onRemove, busy, isNew }: Props) {
  const all = useText();
  const text = all.compose;
  const id = useId();
  const environment = useRelayEnvironment();
  const draft = useSyncExternalStore(store.subscribe, store.get);
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) area.current?.focus();
  }, [isNew]);
  const length = measure(draft.text);
  const wrong = length > LONGEST ? text.tooLong : trouble;
  const add = (picked: readonly File[]) => {
    if (picked.length && !addFiles(environment, store, picked)) toast(text.full, { urgent: true });
  };
  return (
    <fieldset className={styles.post} aria-label={all.talk.postOf(number, of)}>
      <TextBox
        ref={area}
        value={draft.text}
        onChange={(words) => !busy && store.update((now) => ({ ...now, text: words }))}
        onSend={onSend}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files].filter(({ type }) => type.startsWith('image/'));
          if (!pasted.length) return;
          event.preventDefault();
          add(pasted);
        }}
        label={all.talk.postOf(number, of)}
        placeholder={all.talk.next}
        describedBy={wrong ? `${id}-text` : undefined}
        invalid={Boolean(wrong)}
      />
      {wrong && (
        <p className={styles.error} id={`${id}-text`} role="alert">
          {wrong}
        </p>
      )}
      <Pictures store={store} pictures={draft.pictures} />
      <div className={styles.tools}>
        <input
          ref={file}
          type="file"
          accept={TYPES.join()}
          multiple
          hidden
          onChange={({ target }) => {
            add([...(target.files ?? [])]);
            target.value = '';
          }}
        />
        <IconButton
          label={text.addPictures}
          icon={<ImagePlus />}
          disabled={draft.pictures.length >= MOST_PICTURES}
          onClick={() => file.current?.click()}
        />
        <Meter length={length} />
        <IconButton label={all.talk.removePost} icon={<X />} onClick={onRemove} className={styles.remove} />
      </div>
    </fieldset>
  );
}
