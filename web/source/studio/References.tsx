import { ImagePlus, LayoutDashboard, X } from 'lucide-react';
import { type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react';
import { graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay/hooks';
import type { ReferencesQuery } from '~/__generated__/ReferencesQuery.graphql';
import { sendPicture, whyOf } from '~/compose/send';
import { TYPES } from '~/compose/upload';
import { IconButton } from '~/design/IconButton';
import { Spinner } from '~/design/Spinner';
import { toast } from '~/design/Toast';
import { useText, words } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { later } from '~/routing/later';
import styles from './References.module.css';

const BoardPictures = later(() => import('./BoardPictures'));

type Props = {
  ids: readonly string[];
  most: number;
  onChange: (change: (ids: readonly string[]) => readonly string[]) => void;
  /** What else helps, at the end of the same line. */
  tools?: ReactNode;
  /** The form that pictures may be dropped on. */
  children: ReactNode;
};

/** Pictures to learn from, under the form they belong to: picked, dropped on it or pasted into it. */
export function References({ ids, most, onChange, tools, children }: Props) {
  const all = useText();
  const text = all.studio;
  const environment = useRelayEnvironment();
  const input = useRef<HTMLInputElement>(null);
  const label = useId();
  const [under, setUnder] = useState(0);
  const [over, setOver] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const way = useRef(new AbortController());
  useEffect(() => {
    way.current = new AbortController();
    return () => way.current.abort();
  }, []);
  const room = most - ids.length - under;
  const add = async (files: readonly File[]) => {
    const taken = files.filter(({ type }) => TYPES.includes(type));
    if (taken.length < files.length) toast(all.compose.uploadRefused.type, { urgent: true });
    if (taken.length > room) toast(text.referencesFull(most), { urgent: true });
    await Promise.all(
      taken.slice(0, Math.max(0, room)).map(async (file) => {
        setUnder((now) => now + 1);
        try {
          const id = await sendPicture(environment, file, way.current.signal, () => undefined);
          onChange((now) => (now.includes(id) ? now : [...now, id]));
        } catch (error) {
          if (!way.current.signal.aborted) toast(words().compose.uploadRefused[whyOf(error)], { urgent: true });
        } finally {
          setUnder((now) => now - 1);
        }
      }),
    );
  };
  const drops = most > 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way of several; the button beside does the same
    <div
      className={over ? `${styles.place} ${styles.over}` : styles.place}
      onDragOver={(event) => {
        if (!drops || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        if (!drops) return;
        event.preventDefault();
        setOver(false);
        void add([...event.dataTransfer.files]);
      }}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (!drops || !files.length) return;
        event.preventDefault();
        void add(files);
      }}
    >
      {children}
      {(drops || tools) && (
        <div className={styles.row}>
          {drops && (
            <>
              <span className={styles.label} id={label}>
                {text.references}
              </span>
              <Suspense fallback={<Spinner />}>
                {ids.length > 0 && (
                  <Kept
                    ids={ids}
                    onRemove={(id) => onChange((now) => now.filter((one) => one !== id))}
                    labelledBy={label}
                  />
                )}
              </Suspense>
              {under > 0 && <Spinner label={all.compose.uploading} />}
              {room > 0 && (
                <IconButton label={text.addReference} icon={<ImagePlus />} onClick={() => input.current?.click()} />
              )}
              {room > 0 && (
                <IconButton label={all.boards.reference} icon={<LayoutDashboard />} onClick={() => setChoosing(true)} />
              )}
              <Suspense>
                {choosing && (
                  <BoardPictures
                    open
                    onOpenChange={setChoosing}
                    onChoose={(id) => onChange((now) => (now.includes(id) ? now : [...now, id]))}
                  />
                )}
              </Suspense>
              <input
                ref={input}
                type="file"
                accept={TYPES.join(',')}
                multiple
                hidden
                onChange={({ target }) => {
                  void add([...(target.files ?? [])]);
                  target.value = '';
                }}
              />
            </>
          )}
          {tools}
        </div>
      )}
    </div>
  );
}

function Kept({
  ids,
  onRemove,
  labelledBy,
}: {
  ids: readonly string[];
  onRemove: (id: string) => void;
  labelledBy: string;
}) {
  const text = useText().studio;
  const { nodes } = useLazyLoadQuery<ReferencesQuery>(
    graphql`
      query ReferencesQuery($ids: [ID!]!) {
        nodes(ids: $ids) {
          __typename
          ... on Image {
            id
            altText
            url(size: SMALL)
          }
        }
      }
    `,
    { ids },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  return (
    <ul className={styles.kept} aria-labelledby={labelledBy}>
      {ids.map((id, index) => {
        const image = nodes[index]?.__typename === 'Image' ? nodes[index] : null;
        return (
          <li key={id} className={styles.one}>
            <img src={image?.url ?? ''} alt={image?.altText ?? ''} />
            <IconButton
              className={styles.remove}
              onPicture
              label={text.removeReference(index + 1)}
              icon={<X />}
              onClick={() => onRemove(id)}
            />
          </li>
        );
      })}
    </ul>
  );
}
