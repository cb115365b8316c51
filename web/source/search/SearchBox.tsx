import { Hash, History, Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { Avatar } from '~/design/Avatar';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { useViewer } from '~/session/viewer';
import { forget, recent, remember } from './recent';
import styles from './SearchBox.module.css';
import { useSuggestions } from './useSuggestions';

const LONGEST = 400;

type Option = {
  key: string;
  label: string;
  note: string | null;
  icon: 'search' | 'history' | 'hash' | { handle: string; url: string | null };
  choose: () => void;
};

/** The line one types into, with what was looked for before, and people and hashtags while one types. `/` leads here. */
export function SearchBox({ asked, onAsk }: { asked: string; onAsk: (text: string) => void }) {
  const { search: text } = useText();
  const viewerId = useViewer()?.id ?? null;
  const navigate = useNavigate();
  const id = useId();
  const line = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(asked);
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState(-1);
  const [kept, setKept] = useState(() => recent(viewerId));
  const suggested = useSuggestions(open ? typed : '');
  // What is found may come while the next question is being typed: that is left alone.
  useEffect(() => {
    if (document.activeElement !== line.current) setTyped(asked);
  }, [asked]);
  useEffect(() => {
    if (asked) remember(viewerId, asked);
    setKept(recent(viewerId));
  }, [asked, viewerId]);

  const ask = (wanted: string) => {
    setOpen(false);
    setPlace(-1);
    setTyped(wanted);
    onAsk(wanted.trim());
  };
  const bare = typed.trim();
  const options: Option[] = bare
    ? [
        { key: 'ask', label: text.lookFor(bare), note: null, icon: 'search', choose: () => ask(bare) },
        ...suggested.map(({ to, name, note, person, count }) => ({
          key: to,
          label: name,
          note: note ?? (count === null ? null : text.postCount(count)),
          icon: person ?? ('hash' as const),
          choose: () => {
            setOpen(false);
            void navigate(to);
          },
        })),
      ]
    : kept.map((one) => ({ key: one, label: one, note: null, icon: 'history', choose: () => ask(one) }));
  const shown = open && options.length > 0 && (bare !== asked || !bare);
  const chosen = shown ? options[place] : undefined;

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setPlace((now) => ((now + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false);
      else line.current?.blur();
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      chosen.choose();
    }
  };
  return (
    <search className={styles.box}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask(typed);
          line.current?.blur();
        }}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
        }}
      >
        <span className={styles.line}>
          <Search aria-hidden="true" />
          <input
            ref={line}
            data-search
            type="text"
            inputMode="search"
            enterKeyHint="search"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={LONGEST}
            role="combobox"
            aria-label={text.label}
            aria-expanded={shown}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={chosen ? `${id}-${place}` : undefined}
            placeholder={text.placeholder}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setOpen(true);
              setPlace(-1);
            }}
            onFocus={() => setOpen(true)}
            onClick={() => setOpen(true)}
            onKeyDown={press}
          />
          {typed && (
            <IconButton
              label={text.clear}
              icon={<X />}
              onClick={() => {
                setTyped('');
                setOpen(true);
                line.current?.focus();
              }}
            />
          )}
        </span>
        {shown && (
          <div className={styles.panel}>
            {!bare && (
              <div className={styles.top}>
                <span>{text.recent}</span>
                <button
                  type="button"
                  onClick={() => {
                    forget(viewerId);
                    setKept([]);
                    line.current?.focus();
                  }}
                >
                  {text.forgetAll}
                </button>
              </div>
            )}
            <div role="listbox" id={`${id}-list`} aria-label={bare ? text.suggestions : text.recent}>
              {options.map((option, index) => (
                <div
                  key={option.key}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === place}
                  className={styles.option}
                  onPointerDown={(event) => event.preventDefault()} // focus stays in the line
                  onClick={option.choose}
                  onKeyDown={press}
                >
                  <Icon of={option.icon} name={option.label} />
                  <span className={styles.label}>
                    <bdi>{option.label}</bdi>
                  </span>
                  {option.note && <span className={styles.note}>{option.note}</span>}
                </div>
              ))}
            </div>
          </div>
        )}
      </form>
    </search>
  );
}

function Icon({ of, name }: { of: Option['icon']; name: string }) {
  if (typeof of === 'object') return <Avatar handle={of.handle} name={name} url={of.url} size="small" />;
  if (of === 'hash') return <Hash aria-hidden="true" />;
  return of === 'history' ? <History aria-hidden="true" /> : <Search aria-hidden="true" />;
}
