import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { HistoryDialogQuery } from '~/__generated__/HistoryDialogQuery.graphql';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { diff } from './diff';
import styles from './HistoryDialog.module.css';

/** Every version of a post, newest first, each with what became otherwise since the one before. */
export default function HistoryDialog({ postId, onClose }: { postId: string; onClose: () => void }) {
  const text = useText();
  return (
    <Dialog open onOpenChange={onClose} title={text.edits.historyTitle} wide>
      <Suspense fallback={<Spinner />}>
        <History postId={postId} />
      </Suspense>
    </Dialog>
  );
}

type Versions = NonNullable<
  Extract<NonNullable<HistoryDialogQuery['response']['node']>, { __typename: 'Post' }>['edits']
>['edges'];
type Version = Versions[number]['node'];

function History({ postId }: { postId: string }) {
  const { node } = useLazyLoadQuery<HistoryDialogQuery>(
    graphql`
      query HistoryDialogQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Post {
            id
            edits(first: 100) {
              edges {
                node {
                  number
                  createdAt
                  text
                  contentWarning
                  poll {
                    options
                  }
                  images {
                    altText
                    image {
                      id
                      url(size: SMALL)
                    }
                  }
                }
              }
            }
          }
        }
      }
    `,
    { id: postId },
    { fetchPolicy: 'network-only', networkCacheConfig: PATIENT },
  );
  const versions = node?.__typename === 'Post' ? (node.edits?.edges ?? []).map((edge) => edge.node) : [];
  return (
    <ol className={styles.versions} reversed>
      {versions.map((version, index) => (
        <Change key={version.number} version={version} before={versions[index + 1] ?? null} isNow={index === 0} />
      ))}
    </ol>
  );
}

function Change({ version, before, isNow }: { version: Version; before: Version | null; isNow: boolean }) {
  const text = useText().edits;
  const format = useFormat();
  const { number, createdAt, images, poll, contentWarning } = version;
  const asked = (one: Version | null) => one?.poll?.options.join(' · ') ?? '';
  const shown = (one: Version | null) =>
    one?.images.map(({ altText, image }) => `${image?.id} ${altText}`).join() ?? '';
  return (
    <li className={styles.version}>
      <p className={styles.head}>
        <strong>{isNow ? text.now : before ? text.version(number) : text.first}</strong>{' '}
        <time dateTime={createdAt}>{format.moment(createdAt)}</time>
      </p>
      <Words version={version} before={before} />
      {(before?.contentWarning ?? null) !== contentWarning && (before || contentWarning) && (
        <p className={styles.note}>{text.warning(before?.contentWarning ?? text.none, contentWarning ?? text.none)}</p>
      )}
      {poll && asked(before) !== asked(version) && (
        <p className={styles.note}>
          {text.poll}: {asked(version)}
        </p>
      )}
      {images.length > 0 && shown(before) !== shown(version) && (
        <ul className={styles.pictures} aria-label={text.pictures}>
          {images.map(({ image, altText }, place) => (
            <li key={image?.id ?? `hole-${place}`}>
              {image ? (
                <img src={image.url ?? ''} alt={altText} loading="lazy" />
              ) : (
                <span className={styles.hole}>{text.pictureGone}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Words({ version, before }: { version: Version; before: Version | null }) {
  const text = useText().edits;
  if (!before) return <p dir="auto">{version.text || <em>{text.noText}</em>}</p>;
  if (before.text === version.text) return <p className={styles.note}>{text.sameText}</p>;
  return (
    <p dir="auto">
      {diff(before.text, version.text).map(({ is, text: words }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: stretches have no other identity and never move
        if (is === 'added')
          return (
            <ins key={index}>
              <span className="visually-hidden">[{text.added}] </span>
              {words}
            </ins>
          );
        if (is === 'removed')
          return (
            <del key={index}>
              <span className="visually-hidden">[{text.removed}] </span>
              {words}
            </del>
          );
        return <span key={index}>{words}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </p>
  );
}
