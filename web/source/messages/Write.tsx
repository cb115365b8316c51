import { ImagePlus, SendHorizontal, X } from 'lucide-react';
import {
  type ClipboardEvent,
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { WriteEditMutation } from '~/__generated__/WriteEditMutation.graphql';
import type { WriteTypingMutation } from '~/__generated__/WriteTypingMutation.graphql';
import { EMPTY } from '~/compose/draft';
import { addFiles } from '~/compose/files';
import { measure } from '~/compose/measure';
import { Pictures } from '~/compose/Pictures';
import { TYPES } from '~/compose/upload';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { newKey, useAction } from '~/relay/useAction';
import { createStore } from '~/state/store';
import pane from './ChatPane.module.css';
import { editing } from './editing';
import { logOf } from './useChatsLive';
import { useSend } from './useSend';
import styles from './Write.module.css';

const LONGEST = 2_000;
const TYPING_MILLISECONDS = 3_000;
const drafts = new Map<string, string>();

/** Where a message is written: Enter sends, Shift+Enter begins a line, the arrow up in an empty field edits one's last. */
export function Write({ chatId }: { chatId: string }) {
  const text = useText().letters;
  const environment = useRelayEnvironment();
  const [words, setWords] = useState(drafts.get(chatId) ?? '');
  const [store] = useState(() => createStore(EMPTY));
  const { pictures } = useSyncExternalStore(store.subscribe, store.get);
  const edited = useSyncExternalStore(editing.subscribe, editing.get);
  const mine = edited?.chatId === chatId ? edited : null;
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const typedAt = useRef(0);
  const send = useSend(chatId);
  const [tell] = useAction<WriteTypingMutation>(graphql`
    mutation WriteTypingMutation($input: IndicateTypingInput!) {
      indicateTyping(input: $input) {
        userErrors {
          code
        }
      }
    }
  `);
  const [edit] = useAction<WriteEditMutation>(graphql`
    mutation WriteEditMutation($input: EditMessageInput!) {
      editMessage(input: $input) {
        message {
          id
          ...Message_message
        }
        userErrors {
          code
        }
      }
    }
  `);
  const ready = pictures.every(({ upload }) => upload.at === 'kept');
  const tooLong = measure(words) > LONGEST;
  const blank = !words.trim() && !pictures.length;
  useEffect(() => {
    if (!mine) return;
    setWords(mine.text);
    field.current?.focus();
  }, [mine]);
  useEffect(() => () => editing.set(null), []);
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${Math.min(area.scrollHeight + 2, innerHeight / 3)}px`;
  });

  const type = (value: string) => {
    setWords(value);
    if (!mine) drafts.set(chatId, value);
    if (value && Date.now() - typedAt.current > TYPING_MILLISECONDS) {
      typedAt.current = Date.now();
      tell({ input: { chatId }, onRefused: () => undefined, onFailed: () => undefined });
    }
  };
  const done = () => {
    setWords('');
    drafts.delete(chatId);
    typedAt.current = 0;
    editing.set(null);
    field.current?.focus();
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (blank || tooLong || !ready) return;
    if (mine) {
      edit({ input: { messageId: mine.messageId, text: words } });
      return done();
    }
    const imageIds = pictures.flatMap(({ upload }) => (upload.at === 'kept' ? [upload.imageId] : []));
    const previews = pictures.flatMap(({ preview }) => (preview ? [preview] : []));
    const after = newestOf(environment, chatId);
    send({ key: newKey(), text: words, imageIds, previews, after, why: null });
    store.set(EMPTY);
    done();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && mine) {
      done();
    } else if (event.key === 'ArrowUp' && !words && !document.querySelector('[data-leaving]')) {
      const last = [...document.querySelectorAll<HTMLElement>('[data-message][data-own]')].at(-1);
      const known = last?.dataset.message && environment.getStore().getSource().get(last.dataset.message);
      if (known && typeof known.text === 'string' && known.text && last?.dataset.message) {
        event.preventDefault();
        editing.set({ chatId, messageId: last.dataset.message, text: known.text });
      }
    }
  };
  const take = (picked: readonly File[]) => {
    if (picked.length) addFiles(environment, store, picked);
  };
  const paste = ({ clipboardData }: ClipboardEvent) =>
    take([...clipboardData.files].filter(({ type: kind }) => TYPES.includes(kind)));
  return (
    <form className={pane.foot} onSubmit={submit}>
      {mine && (
        <div className={styles.editing}>
          <span>{text.editing}</span>
          <IconButton label={text.stopEditing} icon={<X />} onClick={done} />
        </div>
      )}
      <Pictures store={store} pictures={pictures} />
      <div className={styles.line}>
        {!mine && <IconButton label={text.addPicture} icon={<ImagePlus />} onClick={() => files.current?.click()} />}
        <input
          ref={files}
          type="file"
          hidden
          multiple
          accept={TYPES.join(',')}
          onChange={({ target }) => {
            take([...(target.files ?? [])]);
            target.value = '';
          }}
        />
        <textarea
          ref={field}
          className={styles.field}
          rows={1}
          dir="auto"
          value={words}
          placeholder={text.placeholder}
          aria-label={text.field}
          aria-invalid={tooLong}
          onChange={({ target: { value } }) => type(value)}
          onKeyDown={press}
          onPaste={paste}
        />
        <IconButton
          type="submit"
          label={text.send}
          icon={<SendHorizontal />}
          className={styles.send}
          disabled={blank || tooLong || !ready}
        />
      </div>
      {tooLong && (
        <p className={styles.problem} role="alert">
          {text.longest}
        </p>
      )}
    </form>
  );
}

/** The number of the newest message of a chat that is known here. */
function newestOf(environment: ReturnType<typeof useRelayEnvironment>, chatId: string): number {
  let newest = 0;
  environment.commitUpdate((store) => {
    const edges = logOf(store, chatId)?.getLinkedRecords('edges') ?? [];
    newest = Number(edges.at(-1)?.getLinkedRecord('node')?.getValue('sequence') ?? 0);
  });
  return newest;
}
