import { CalendarClock, Pencil, Reply, Send, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { DraftRow_draft$key } from '~/__generated__/DraftRow_draft.graphql';
import type { DraftRowDeleteMutation } from '~/__generated__/DraftRowDeleteMutation.graphql';
import type { DraftRowMendMutation } from '~/__generated__/DraftRowMendMutation.graphql';
import type { DraftRowPublishMutation } from '~/__generated__/DraftRowPublishMutation.graphql';
import type { DraftRowScheduleMutation } from '~/__generated__/DraftRowScheduleMutation.graphql';
import type { DraftRowUnscheduleMutation } from '~/__generated__/DraftRowUnscheduleMutation.graphql';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { ChangeDialog } from './ChangeDialog';
import { contentOf, kept } from './content';
import styles from './Drafts.module.css';
import { cause, problemText } from './problem';
import { refusedTime } from './refused';
import { SchedulePicker } from './SchedulePicker';
import { take } from './take';

/** One draft: what it says, when it is posted, why it was not, and what can be done with it. */
export function DraftRow({ draft: key }: { draft: DraftRow_draft$key }) {
  const all = useText();
  const text = all.drafts;
  const format = useFormat();
  const navigate = useNavigate();
  const viewer = useViewer();
  const [open, setOpen] = useState<'time' | 'words' | null>(null);
  const [error, setError] = useState<string>();
  const draft = useFragment(
    graphql`
      fragment DraftRow_draft on Draft {
        id
        version
        state
        publishAt
        changedAt
        inTheOpen
        ...content_draft
        problem {
          kind
          errorCode
          path
        }
        posts {
          images {
            image {
              id
              small: url(size: SMALL)
            }
          }
        }
      }
    `,
    key,
  );
  const said = kept(draft);
  const [remove, removing] = useAction<DraftRowDeleteMutation>(graphql`
    mutation DraftRowDeleteMutation($input: DeleteDraftInput!) {
      deleteDraft(input: $input) {
        deletedDraftId @deleteRecord
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [publish, publishing] = useAction<DraftRowPublishMutation>(graphql`
    mutation DraftRowPublishMutation($input: PublishDraftInput!) {
      publishDraft(input: $input) {
        post {
          id
        }
        draft {
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [unschedule, unscheduling] = useAction<DraftRowUnscheduleMutation>(graphql`
    mutation DraftRowUnscheduleMutation($input: UnscheduleDraftInput!) {
      unscheduleDraft(input: $input) {
        draft {
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [schedule, scheduling] = useAction<DraftRowScheduleMutation>(graphql`
    mutation DraftRowScheduleMutation($input: SchedulePostInput!) {
      schedulePost(input: $input) {
        draft {
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [mend, mending] = useAction<DraftRowMendMutation>(graphql`
    mutation DraftRowMendMutation($input: SaveDraftInput!) {
      saveDraft(input: $input) {
        draft {
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [first] = said.posts;
  const images = draft.posts.flatMap((post) => post.images.flatMap(({ image }) => (image ? [image] : [])));
  const waits = draft.state === 'SCHEDULED' || draft.state === 'MAKING';
  const busy = removing || publishing || unscheduling || scheduling || mending;
  const quotes = said.posts.some(({ quotedPostId }) => quotedPostId);
  const facts = [
    said.replyToId && text.reply,
    quotes && text.quote,
    said.posts.length > 1 && text.posts(said.posts.length),
    images.length > 0 && text.pictures(images.length),
    said.posts.some(({ poll }) => poll) && text.poll,
    said.visibility !== 'PUBLIC' && all.compose.audienceHint[said.visibility as 'UNLISTED'],
  ].filter(Boolean);
  const found = draft.problem && cause(draft.problem);
  const without = found === 'reply' ? text.withoutReply : found === 'quote' ? text.withoutQuote : null;
  const letGo = () => {
    const content = contentOf(said);
    mend({
      input: {
        draftId: draft.id,
        expectedVersion: draft.version,
        content:
          found === 'reply'
            ? { ...content, replyToId: null }
            : { ...content, posts: content.posts.map((one) => ({ ...one, quotedPostId: null })) },
      },
      onDone: () => toast(text.mended),
    });
  };
  const edit = () => {
    if (waits || said.wish) setOpen('words');
    else if (viewer && !take(said, viewer.id)) toast(text.occupied, { urgent: true });
  };
  const post = () =>
    publish({
      input: { draftId: draft.id, expectedVersion: draft.version },
      updater: (store, response) => {
        if (response?.publishDraft.post) store.delete(draft.id);
      },
      onDone: ({ publishDraft: { post: published } }) => {
        if (!published) return;
        const view = () => void navigate(places.post(published.id));
        toast(text.published, { action: { label: all.compose.view, run: view } });
      },
    });
  return (
    <li className={styles.draft}>
      <div className={styles.head}>
        <p className={styles.when}>
          {draft.publishAt && waits
            ? text.at(format.moment(draft.publishAt))
            : text.changed(format.since(draft.changedAt))}
        </p>
        <span className={styles.end}>
          {waits && (
            <IconButton
              label={text.unschedule}
              icon={<Undo2 />}
              disabled={busy}
              onClick={() => unschedule({ input: { draftId: draft.id } })}
            />
          )}
          <IconButton
            label={text.remove}
            icon={<Trash2 />}
            disabled={busy}
            onClick={() =>
              remove({
                input: { draftId: draft.id },
                optimisticUpdater: (store) => store.delete(draft.id),
                onDone: () => toast(text.removed),
              })
            }
          />
        </span>
      </div>
      <p className={first?.text ? styles.text : styles.none} dir="auto">
        {first?.text || (said.wish ? text.pictureOnly : text.noWords)}
      </p>
      {said.wish && (
        <p className={styles.wish} dir="auto">
          {text.wish(said.wish.prompt)}
        </p>
      )}
      {images.length > 0 && (
        <p className={styles.pictures} aria-hidden="true">
          {images.slice(0, 4).map(({ id, small }) => small && <img key={id} src={small} alt="" loading="lazy" />)}
        </p>
      )}
      {facts.length > 0 && <p className={styles.facts}>{facts.join(' · ')}</p>}
      {draft.state === 'MAKING' && <p className={styles.facts}>{text.making}</p>}
      {draft.problem && <p className={styles.problem}>{problemText(all, draft.problem)}</p>}
      <div className={styles.acts}>
        {draft.state !== 'MAKING' && (
          <>
            {without ? (
              <Button small look="quiet" busy={mending} disabled={busy} onClick={letGo}>
                {found === 'reply' ? <Reply aria-hidden="true" size={16} /> : <Undo2 aria-hidden="true" size={16} />}
                {without}
              </Button>
            ) : (
              <Button small look="quiet" disabled={busy} onClick={() => setOpen('time')}>
                <CalendarClock aria-hidden="true" size={16} />
                {waits ? text.reschedule : text.schedule}
              </Button>
            )}
            <Button small look="quiet" disabled={busy} onClick={edit}>
              <Pencil aria-hidden="true" size={16} />
              {text.edit}
            </Button>
            <Button small look="quiet" busy={publishing} disabled={busy} onClick={post}>
              <Send aria-hidden="true" size={16} />
              {text.publish}
            </Button>
          </>
        )}
      </div>
      {open === 'words' && <ChangeDialog draft={said} onClose={() => setOpen(null)} />}
      {open === 'time' && (
        <SchedulePicker
          onClose={() => setOpen(null)}
          title={waits ? text.reschedule : text.schedule}
          from={waits ? draft.publishAt : null}
          busy={scheduling}
          error={error}
          onPick={(publishAt) => {
            setError(undefined);
            schedule({
              input: { draftId: draft.id, publishAt, inTheOpen: draft.inTheOpen },
              onDone: () => {
                setOpen(null);
                toast(text.done(format.moment(publishAt)));
              },
              onRefused: (refusals) => setError(refusedTime(all, refusals)),
            });
          }}
        />
      )}
    </li>
  );
}
