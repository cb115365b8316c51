import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { mentionAt, spans, tooLongFrom } from './measure';
import styles from './TextBox.module.css';
import { useMentions } from './useMentions';

type Props = {
  ref?: Ref<HTMLTextAreaElement>;
  value: string;
  onChange: (text: string) => void;
  onSend: () => void;
  onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  label: string;
  placeholder: string;
  describedBy: string | undefined;
  invalid: boolean;
};

/** A text that grows as it is typed, with mentions, hashtags and links in colour, and people suggested after an @. */
export function TextBox({ value, onChange, onSend, label, placeholder, describedBy, invalid, ...rest }: Props) {
  const text = useText().compose;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(-1);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const typed = caret < 0 ? null : mentionAt(value, caret);
  const place = typed && `${typed.start} ${typed.prefix}`;
  const found = useMentions(typed && place !== dismissed ? typed.prefix : null);
  const open = found.length > 0;
  const now = Math.min(chosen, found.length - 1);

  useEffect(() => {
    if (!open) return;
    const close = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopImmediatePropagation(); // Escape closes the list, not the dialog around it
      event.preventDefault();
      setDismissed(place);
    };
    addEventListener('keydown', close, { capture: true });
    return () => removeEventListener('keydown', close, { capture: true });
  }, [open, place]);

  const hang = (list: HTMLDivElement | null) => {
    if (!list || !box.current) return;
    if (!list.matches(':popover-open')) list.showPopover();
    const { left, top, bottom, width } = box.current.getBoundingClientRect();
    const below = innerHeight - bottom > list.offsetHeight;
    list.style.insetInlineStart = `${left}px`;
    list.style.insetBlockStart = `${below ? bottom : Math.max(0, top - list.offsetHeight)}px`;
    list.style.maxInlineSize = `${width}px`;
  };

  const take = (index: number) => {
    const person = found[index];
    const field = box.current?.querySelector('textarea');
    if (!person || !typed || !field) return;
    const before = `${value.slice(0, typed.start)}@${person.handle} `;
    onChange(before + value.slice(caret).replace(/^ /, ''));
    setCaret(-1);
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(before.length, before.length);
    });
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
      return;
    }
    if (!open || event.nativeEvent.isComposing) return;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const by = moves[event.key];
    if (by) setChosen((now + by + found.length) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(now);
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.box} ref={box}>
      <div className={styles.mirror} aria-hidden="true" dir="auto">
        {coloured(value)}
        {'\u200b'}
      </div>
      <textarea
        {...rest}
        className={styles.field}
        dir="auto"
        rows={1}
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open ? `${id}-${now}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          setCaret(event.target.selectionStart);
          setChosen(0);
        }}
        onKeyDown={press}
        onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
          setCaret(selectionStart === selectionEnd ? selectionStart : -1)
        }
        onBlur={() => setCaret(-1)}
      />
      <p className="visually-hidden" role="status">
        {open && text.suggested(found.length)}
      </p>
      {open && (
        <div
          ref={hang}
          popover="manual"
          className={styles.list}
          id={`${id}-list`}
          role="listbox"
          aria-label={text.suggestions}
        >
          {found.map(({ id: person, handle, displayName, avatarUrl }, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the text; aria-activedescendant points here
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text's
            <div
              key={person}
              id={`${id}-${index}`}
              className={styles.person}
              role="option"
              aria-selected={index === now}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(index)}
            >
              <Avatar handle={handle} name={displayName} url={avatarUrl} size="small" />
              <span className={styles.name}>{displayName}</span>
              <span className={styles.handle}>@{handle}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function coloured(text: string): ReactNode[] {
  const end = tooLongFrom(text) ?? text.length;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { start, end: stop } of spans(text)) {
    if (stop > end) break;
    parts.push(
      text.slice(at, start),
      <span key={start} className={styles.facet}>
        {text.slice(start, stop)}
      </span>,
    );
    at = stop;
  }
  parts.push(text.slice(at, end));
  if (end < text.length) {
    parts.push(
      <mark key="over" className={styles.over}>
        {text.slice(end)}
      </mark>,
    );
  }
  return parts;
}
