import { Check, Copy, Share2, Trash2 } from 'lucide-react';
import { Suspense } from 'react';
import { fetchQuery, graphql, useLazyLoadQuery, usePaginationFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { StyleCodes_viewer$key } from '~/__generated__/StyleCodes_viewer.graphql';
import type { StyleCodesByCodeQuery } from '~/__generated__/StyleCodesByCodeQuery.graphql';
import type { StyleCodesDeleteMutation } from '~/__generated__/StyleCodesDeleteMutation.graphql';
import type { StyleCodesMoreQuery } from '~/__generated__/StyleCodesMoreQuery.graphql';
import type { StyleCodesQuery } from '~/__generated__/StyleCodesQuery.graphql';
import type { StyleCodesUpdateMutation } from '~/__generated__/StyleCodesUpdateMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { IconButton } from '~/design/IconButton';
import { Spinner } from '~/design/Spinner';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { ByCode } from './ByCode';
import list from './Presets.module.css';
import styles from './StyleCodes.module.css';

const MORE = 20;

type Use = (code: string, name: string) => void;

/** Kept styles: one's own, shared by a code and taken back, and those of others by their code. */
export default function StyleCodes({ onUse, onClose }: { onUse: Use; onClose: () => void }) {
  const text = useText();
  const environment = useRelayEnvironment();
  const find = async (code: string) => {
    const found = await fetchQuery<StyleCodesByCodeQuery>(
      environment,
      graphql`
        query StyleCodesByCodeQuery($code: String!) {
          styleCode(code: $code) {
            id
            name
            code
          }
        }
      `,
      { code },
    ).toPromise();
    if (found?.styleCode) onUse(found.styleCode.code, found.styleCode.name);
    return Boolean(found?.styleCode);
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.manner.yours} description={text.manner.hint}>
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Own onUse={onUse} />
      </Suspense>
      <ByCode label={text.manner.code} act={text.manner.paste} missing={text.manner.missing} onCode={find} />
    </Dialog>
  );
}

function Own({ onUse }: { onUse: Use }) {
  const { viewer } = useLazyLoadQuery<StyleCodesQuery>(
    graphql`
      query StyleCodesQuery {
        viewer {
          ...StyleCodes_viewer
        }
      }
    `,
    {},
    { fetchPolicy: 'store-and-network' },
  );
  return viewer && <List viewer={viewer} onUse={onUse} />;
}

function List({ viewer, onUse }: { viewer: StyleCodes_viewer$key; onUse: Use }) {
  const all = useText();
  const text = all.manner;
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<StyleCodesMoreQuery, StyleCodes_viewer$key>(
    graphql`
      fragment StyleCodes_viewer on Viewer
      @refetchable(queryName: "StyleCodesMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        styleCodes(first: $first, after: $after) @connection(key: "StyleCodes_styleCodes") {
          __id
          edges {
            node {
              id
              name
              code
              isShared
              image {
                url(size: SMALL)
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const connections = data.styleCodes?.__id ? [data.styleCodes.__id] : [];
  const [update] = useAction<StyleCodesUpdateMutation>(graphql`
    mutation StyleCodesUpdateMutation($input: UpdateStyleCodeInput!) {
      updateStyleCode(input: $input) {
        styleCode {
          id
          isShared
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<StyleCodesDeleteMutation>(graphql`
    mutation StyleCodesDeleteMutation($input: DeleteStyleCodeInput!, $connections: [ID!]!) {
      deleteStyleCode(input: $input) {
        deletedStyleCodeId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const copy = async (code: string) => {
    await navigator.clipboard.writeText(code);
    toast(text.copied);
  };
  const edges = data.styleCodes?.edges ?? [];
  return (
    <>
      {edges.length === 0 && <p className={styles.none}>{text.none}</p>}
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id} className={list.one}>
            <button
              type="button"
              className={styles.use}
              aria-label={text.use(node.name)}
              onClick={() => onUse(node.code, node.name)}
            >
              {node.image?.url && <img className={styles.sample} src={node.image.url} alt="" />}
              <strong>{node.name}</strong>
            </button>
            {node.isShared && (
              <Button
                small
                look="plain"
                onClick={() => void copy(node.code)}
                aria-label={`${text.copy(node.name)}: ${node.code}`}
              >
                <Copy aria-hidden="true" />
                <code>{node.code}</code>
              </Button>
            )}
            <IconButton
              label={node.isShared ? text.takeBack(node.name) : text.share(node.name)}
              icon={node.isShared ? <Check /> : <Share2 />}
              aria-pressed={node.isShared}
              onClick={() =>
                update({
                  input: { styleCodeId: node.id, isShared: !node.isShared },
                  onDone: () => node.isShared && toast(text.takeBackHint),
                })
              }
            />
            <IconButton
              label={text.remove(node.name)}
              icon={<Trash2 />}
              onClick={() => remove({ input: { styleCodeId: node.id }, variables: { connections } })}
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
