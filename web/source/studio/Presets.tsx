import { Check, Copy, Share2, Trash2 } from 'lucide-react';
import { type FormEvent, Suspense, useState } from 'react';
import { fetchQuery, graphql, useLazyLoadQuery, usePaginationFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { Presets_viewer$key } from '~/__generated__/Presets_viewer.graphql';
import type { PresetsCodeQuery } from '~/__generated__/PresetsCodeQuery.graphql';
import type { PresetsCreateMutation } from '~/__generated__/PresetsCreateMutation.graphql';
import type { PresetsDeleteMutation } from '~/__generated__/PresetsDeleteMutation.graphql';
import type { PresetsMoreQuery } from '~/__generated__/PresetsMoreQuery.graphql';
import type { PresetsQuery } from '~/__generated__/PresetsQuery.graphql';
import type { PresetsUpdateMutation } from '~/__generated__/PresetsUpdateMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { Spinner } from '~/design/Spinner';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { ByCode } from './ByCode';
import styles from './Presets.module.css';
import { SLOT, settingsOf, withPreset } from './preset';
import { isStyleCode, type Wish } from './wish';

const MORE = 20;
const LONGEST_NAME = 60;
const LONGEST_TEMPLATE = 4_000;

type Props = { wish: Wish; onWish: (wish: Wish) => void; onClose: () => void };

/** Settings kept under a name: one's own, shared by a code and taken back, and those of others by their code. */
export default function Presets({ wish, onWish, onClose }: Props) {
  const text = useText();
  const environment = useRelayEnvironment();
  const find = async (code: string) => {
    const found = await fetchQuery<PresetsCodeQuery>(
      environment,
      graphql`
        query PresetsCodeQuery($code: String!) {
          preset(code: $code) {
            id
            template
            settings {
              name
              value
            }
          }
        }
      `,
      { code },
    ).toPromise();
    if (found?.preset) onWish(withPreset(wish, found.preset.template, found.preset.settings));
    return Boolean(found?.preset);
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.studio.presets} description={text.studio.presetsHint}>
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Own wish={wish} onWish={onWish} />
      </Suspense>
      <ByCode label={text.studio.presetCode} act={text.studio.usePreset} missing={text.studio.noPreset} onCode={find} />
    </Dialog>
  );
}

type Part = { wish: Wish; onWish: (wish: Wish) => void };

function Own({ wish, onWish }: Part) {
  const { viewer } = useLazyLoadQuery<PresetsQuery>(
    graphql`
      query PresetsQuery {
        viewer {
          ...Presets_viewer
        }
      }
    `,
    {},
    { fetchPolicy: 'store-and-network' },
  );
  return viewer && <List viewer={viewer} wish={wish} onWish={onWish} />;
}

function List({ viewer, wish, onWish }: Part & { viewer: Presets_viewer$key }) {
  const all = useText();
  const text = all.studio;
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<PresetsMoreQuery, Presets_viewer$key>(
    graphql`
      fragment Presets_viewer on Viewer
      @refetchable(queryName: "PresetsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        presets(first: $first, after: $after) @connection(key: "Presets_presets") {
          __id
          edges {
            node {
              id
              name
              code
              template
              isShared
              styleIsLost
              settings {
                name
                value
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const connections = data.presets?.__id ? [data.presets.__id] : [];
  const [name, setName] = useState('');
  const [template, setTemplate] = useState('');
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [create, creating] = useAction<PresetsCreateMutation>(graphql`
    mutation PresetsCreateMutation($input: CreatePresetInput!, $connections: [ID!]!) {
      createPreset(input: $input) {
        preset @prependNode(connections: $connections, edgeTypeName: "PresetEdge") {
          id
          name
          code
          template
          isShared
          styleIsLost
          settings {
            name
            value
          }
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [update] = useAction<PresetsUpdateMutation>(graphql`
    mutation PresetsUpdateMutation($input: UpdatePresetInput!) {
      updatePreset(input: $input) {
        preset {
          id
          isShared
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<PresetsDeleteMutation>(graphql`
    mutation PresetsDeleteMutation($input: DeletePresetInput!, $connections: [ID!]!) {
      deletePreset(input: $input) {
        deletedPresetId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    setRefused({});
    create({
      input: { name, template, settings: settingsOf(wish) },
      variables: { connections },
      onDone: () => {
        setName('');
        setTemplate('');
      },
      onRefused: (refusals) =>
        setRefused(Object.fromEntries(refusals.map(({ code, path }) => [path?.[0] ?? '', codeText(all, code)]))),
    });
  };
  const copy = async (code: string) => {
    await navigator.clipboard.writeText(code);
    toast(text.codeCopied);
  };
  return (
    <>
      <form className={styles.form} onSubmit={keep}>
        <Field
          label={text.presetName}
          value={name}
          maxLength={LONGEST_NAME}
          error={refused.name ?? refused['']}
          onChange={({ target: { value } }) => setName(value)}
        />
        <Field
          label={text.presetTemplate}
          hint={text.presetTemplateHint(SLOT)}
          value={template}
          maxLength={LONGEST_TEMPLATE}
          error={refused.template ?? refused.settings}
          onChange={({ target: { value } }) => setTemplate(value)}
        />
        <Button type="submit" look="quiet" busy={creating} disabled={!name.trim()}>
          {text.keepPreset}
        </Button>
      </form>
      <ul className={styles.list}>
        {(data.presets?.edges ?? []).map(({ node }) => (
          <li key={node.id} className={styles.one}>
            <button
              type="button"
              className={styles.use}
              title={node.template || undefined}
              onClick={() => onWish(withPreset(wish, node.template, node.settings))}
            >
              <strong>{node.name}</strong>
              <span className={styles.facts}>
                {node.settings
                  .filter((one) => one.name === 'STYLE' || one.name === 'MODEL')
                  .map(({ value }) => (isStyleCode(value) ? all.manner.kept : (text.styles[value] ?? value)))
                  .join(' · ')}
              </span>
              {node.styleIsLost && <span className={styles.lost}>{all.manner.lost}</span>}
            </button>
            {node.isShared && (
              <Button
                small
                look="plain"
                onClick={() => void copy(node.code)}
                aria-label={`${text.copyCode(node.name)}: ${node.code}`}
              >
                <Copy aria-hidden="true" />
                <code>{node.code}</code>
              </Button>
            )}
            <IconButton
              label={node.isShared ? text.takeBack(node.name) : text.share(node.name)}
              icon={node.isShared ? <Check /> : <Share2 />}
              aria-pressed={node.isShared}
              onClick={() => update({ input: { presetId: node.id, isShared: !node.isShared } })}
            />
            <IconButton
              label={text.deletePreset(node.name)}
              icon={<Trash2 />}
              onClick={() => remove({ input: { presetId: node.id }, variables: { connections } })}
            />
          </li>
        ))}
      </ul>
      {hasNext && (
        <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(MORE)}>
          {all.feed.loadMore}
        </Button>
      )}
    </>
  );
}
