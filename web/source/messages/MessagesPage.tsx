import { PenSquare, Settings2 } from 'lucide-react';
import { Suspense, useState, useSyncExternalStore } from 'react';
import type { PreloadedQuery } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useParams, useSearchParams } from 'react-router';
import type { folderQuery } from '~/__generated__/folderQuery.graphql';
import { IconButton } from '~/design/IconButton';
import { Segments } from '~/design/Segments';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { SignedOut } from '~/session/SignedOut';
import { useViewer } from '~/session/viewer';
import { Page } from '~/shell/Page';
import { ChatList } from './ChatList';
import { ChatPane } from './ChatPane';
import { FOLDER_QUERY, type Folder } from './folder';
import { MessageSearch } from './MessageSearch';
import styles from './MessagesPage.module.css';
import { badge } from './useChatBadge';

const NewChat = later(() => import('./NewChat'));
const ChatPrivacy = later(() => import('./ChatPrivacy'));

const folderOf = (parameters: URLSearchParams): Folder => (parameters.has('requests') ? 'REQUESTS' : 'INBOX');

export const loader = ({ request }: LoaderFunctionArgs) =>
  preload<folderQuery>(FOLDER_QUERY, { folder: folderOf(new URL(request.url).searchParams) });

/** Chats beside the one that is read; on a phone one of the two. */
export function Component() {
  const text = useText().letters;
  const { id } = useParams();
  const viewer = useViewer();
  const [parameters, setParameters] = useSearchParams();
  const [dialog, setDialog] = useState<'new' | 'privacy' | null>(null);
  const [words, setWords] = useState('');
  const { viewer: lists } = usePage<folderQuery>(FOLDER_QUERY, useLoaderData<PreloadedQuery<folderQuery>>());
  const { requests } = useSyncExternalStore(badge.subscribe, badge.get);
  const folder = folderOf(parameters);
  if (!viewer || !lists) {
    return (
      <Page title={text.title}>
        <SignedOut title={text.title} text={text.signedOut} />
      </Page>
    );
  }
  const tools = (
    <>
      <IconButton label={text.privacy} icon={<Settings2 />} onClick={() => setDialog('privacy')} />
      <IconButton label={text.write} icon={<PenSquare />} onClick={() => setDialog('new')} />
    </>
  );
  return (
    <Page title={text.title} tools={tools} wide>
      <div className={styles.panes} data-open={id ? '' : undefined}>
        <section className={styles.lists} aria-label={text.list}>
          <div className={styles.choice}>
            <Segments
              label={text.folders}
              value={folder}
              onChange={(value) => setParameters(value === 'REQUESTS' ? { requests: '' } : {})}
              options={[
                { value: 'INBOX', label: text.inbox },
                { value: 'REQUESTS', label: requests ? `${text.requests} (${requests})` : text.requests },
              ]}
            />
            <input
              type="search"
              data-search
              className={styles.search}
              value={words}
              maxLength={200}
              placeholder={text.search}
              aria-label={text.search}
              onChange={({ target: { value } }) => setWords(value)}
            />
          </div>
          {words.trim() ? (
            <MessageSearch words={words.trim()} />
          ) : (
            <ChatList key={folder} viewer={lists} folder={folder} onWrite={() => setDialog('new')} />
          )}
        </section>
        <div className={styles.pane}>
          {id ? (
            <Suspense fallback={<Spinner />}>
              <ChatPane key={id} id={id} />
            </Suspense>
          ) : (
            <p className={styles.pick}>{text.pick}</p>
          )}
        </div>
      </div>
      <Suspense>
        {dialog === 'new' && <NewChat onClose={() => setDialog(null)} />}
        {dialog === 'privacy' && <ChatPrivacy onClose={() => setDialog(null)} />}
      </Suspense>
    </Page>
  );
}
