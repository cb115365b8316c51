import { X } from 'lucide-react';
import { useState } from 'react';
import { type Suggestion, useMentions } from '~/compose/useMentions';
import { Avatar } from '~/design/Avatar';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { useViewer } from '~/session/viewer';
import styles from './PeoplePicker.module.css';

type Props = {
  chosen: readonly Suggestion[];
  onChange: (chosen: readonly Suggestion[]) => void;
  /** Who is not offered. */
  without?: readonly string[];
  /** What it is for, where that is not a message. */
  label?: string;
  /** Whether it takes the focus as it appears. */
  focused?: boolean;
};

/** People by how their handle begins, one after another. */
export function PeoplePicker({ chosen, onChange, without = [], label, focused = true }: Props) {
  const text = useText().letters;
  const viewerId = useViewer()?.id;
  const [prefix, setPrefix] = useState('');
  const found = useMentions(prefix.trim().replace(/^@/, '') || null).filter(
    ({ id }) => id !== viewerId && !without.includes(id) && !chosen.some((one) => one.id === id),
  );
  const take = (person: Suggestion | undefined) => {
    if (!person) return;
    onChange([...chosen, person]);
    setPrefix('');
  };
  return (
    <div className={styles.picker}>
      {chosen.length > 0 && (
        <ul className={styles.chosen}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className={styles.chip}
                aria-label={text.remove(person.displayName)}
                onClick={() => onChange(chosen.filter(({ id }) => id !== person.id))}
              >
                <bdi>{person.displayName}</bdi>
                <X aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field
        label={label ?? text.to}
        hint={text.toHint}
        value={prefix}
        autoComplete="off"
        autoFocus={focused}
        onChange={({ target: { value } }) => setPrefix(value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found.length) {
            event.preventDefault();
            take(found[0]);
          } else if (event.key === 'Backspace' && !prefix && chosen.length) {
            onChange(chosen.slice(0, -1));
          }
        }}
      />
      {found.length > 0 && (
        <ul className={styles.found}>
          {found.map((person) => (
            <li key={person.id}>
              <button type="button" className={styles.person} onClick={() => take(person)}>
                <Avatar handle={person.handle} name={person.displayName} url={person.avatarUrl} size="small" />
                <span>
                  <bdi>{person.displayName}</bdi> <span className={styles.handle}>@{person.handle}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
