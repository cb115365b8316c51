import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { SourceFields_viewer$key } from '~/__generated__/SourceFields_viewer.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { PeoplePicker } from '~/messages/PeoplePicker';
import styles from './Build.module.css';
import { KINDS, type Kind, MOST_SOURCES, type Named, postIn, type Source } from './draft';
import { sourceWords } from './told';
import { feedWords } from './words';

type Props = {
  viewer: SourceFields_viewer$key;
  sources: readonly Source[];
  onChange: (sources: readonly Source[]) => void;
};

const keyOf = ({ kind, things, text }: Source) => `${kind} ${things.map(({ id }) => id).join(' ')} ${text}`;

/** Where the posts of a feed come from: what there is, and one more. */
export function SourceFields({ viewer, sources, onChange }: Props) {
  const words = feedWords.useText();
  const text = words.build;
  const [kind, setKind] = useState<Kind>('FOLLOWED');
  const { lists, boards } = useFragment(
    graphql`
      fragment SourceFields_viewer on Viewer {
        lists(first: 100) {
          edges {
            node {
              id
              name
            }
          }
        }
        boards(first: 100) {
          edges {
            node {
              id
              name
            }
          }
        }
      }
    `,
    viewer,
  );
  const add = (source: Source) => {
    if (!sources.some((one) => keyOf(one) === keyOf(source))) onChange([...sources, source]);
  };
  const named = (list: typeof lists | typeof boards): Named[] =>
    (list?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  return (
    <fieldset className={styles.part}>
      <legend>{text.sources}</legend>
      <p className={styles.hint}>{text.sourcesHint}</p>
      {sources.length > 0 && (
        <ul className={styles.sources}>
          {sources.map((source) => (
            <li key={keyOf(source)}>
              <span className={styles.source}>{sourceWords(words, source)}</span>
              <IconButton
                label={text.take(sourceWords(words, source))}
                icon={<X />}
                onClick={() => onChange(sources.filter((one) => one !== source))}
              />
            </li>
          ))}
        </ul>
      )}
      {sources.length < MOST_SOURCES && (
        <div className={styles.add}>
          <SelectField label={text.adding} value={kind} onChange={({ target: { value } }) => setKind(value as Kind)}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {text.kinds[one]}
              </option>
            ))}
          </SelectField>
          <One key={kind} kind={kind} lists={named(lists)} boards={named(boards)} onAdd={add} />
        </div>
      )}
    </fieldset>
  );
}

type OneProps = { kind: Kind; lists: readonly Named[]; boards: readonly Named[]; onAdd: (source: Source) => void };

function One({ kind, lists, boards, onAdd }: OneProps) {
  const text = feedWords.useText().build;
  const [typed, setTyped] = useState('');
  const [people, setPeople] = useState<Parameters<typeof PeoplePicker>[0]['chosen']>([]);
  const [wrong, setWrong] = useState<string>();
  const gathered = kind === 'LIST' ? lists : boards;
  const source = (): Source | null => {
    if (kind === 'EVERYONE' || kind === 'FOLLOWED') return { kind, things: [], text: '' };
    if (kind === 'PEOPLE') {
      const things = people.map(({ id, handle }) => ({ id, name: handle }));
      return things.length ? { kind, things, text: '' } : null;
    }
    if (kind === 'LIST' || kind === 'BOARD') {
      const found = gathered.find(({ id }) => id === typed) ?? gathered[0];
      return found ? { kind, things: [found], text: '' } : null;
    }
    if (kind === 'REMIXES') {
      const id = postIn(typed);
      return id ? { kind, things: [{ id, name: '' }], text: '' } : null;
    }
    const said = kind === 'HASHTAG' ? typed.trim().replace(/^[#＃]/, '') : typed.trim();
    return said ? { kind, things: [], text: said } : null;
  };
  const add = () => {
    const found = source();
    if (!found) {
      if (kind === 'REMIXES') setWrong(text.postWrong);
      return;
    }
    setWrong(undefined);
    onAdd(found);
    setTyped('');
    setPeople([]);
  };
  const line = (label: string, hint?: string) => (
    <Field
      label={label}
      hint={hint}
      error={wrong}
      value={typed}
      autoComplete="off"
      onChange={({ target: { value } }) => setTyped(value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        add();
      }}
    />
  );
  return (
    <>
      {kind === 'HASHTAG' && line(text.hashtag)}
      {kind === 'SEARCH' && line(text.search, text.searchHint)}
      {kind === 'REMIXES' && line(text.post, text.postHint)}
      {kind === 'PEOPLE' && <PeoplePicker label={text.people} chosen={people} onChange={setPeople} focused={false} />}
      {(kind === 'LIST' || kind === 'BOARD') &&
        (gathered.length ? (
          <SelectField
            label={text.kinds[kind]}
            value={typed || gathered[0]?.id}
            onChange={({ target: { value } }) => setTyped(value)}
          >
            {gathered.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        ) : (
          <p className={styles.hint}>{kind === 'LIST' ? text.noLists : text.noBoards}</p>
        ))}
      <Button small look="quiet" disabled={!source() && kind !== 'REMIXES'} onClick={add}>
        <Plus size={16} aria-hidden="true" />
        {text.add}
      </Button>
    </>
  );
}
