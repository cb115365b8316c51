import { CalendarClock, EyeOff, FilePen, ImagePlus, ListChecks, ListPlus, Sparkles } from 'lucide-react';
import { type DragEvent, Suspense, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import { Avatar } from '~/design/Avatar';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { ScheduleThis } from '~/drafts/ScheduleThis';
import { follow } from '~/drafts/sync';
import { useSave } from '~/edits/useSave';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { SharingFields } from '~/remix/SharingFields';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { TermsRow } from '~/talk/TermsRow';
import { ThreadPost } from '~/talk/ThreadPost';
import { rest, takeOut, useAllReady } from '~/talk/thread';
import { Audience } from './Audience';
import styles from './Composer.module.css';
import { isBlank, MOST_FOLLOWING, MOST_PICTURES, placeOf, type Visibility } from './draft';
import { addFiles } from './files';
import { Meter } from './Meter';
import { LONGEST, LONGEST_WARNING, measure } from './measure';
import { type Composing, composing } from './open';
import { Pictures } from './Pictures';
import { PollMaker } from './PollMaker';
import { isAskable, NEW_POLL } from './poll';
import { Target } from './Target';
import { TextBox } from './TextBox';
import { TYPES } from './upload';
import { useDraft } from './useDraft';
import { usePublish } from './usePublish';

const Maker = later(() => import('./Maker'));

type Props = Composing & {
  /** Whether what is answered is shown above; not where it stands there already. */
  showTarget?: boolean;
  /** Whether it stands in a dialog, at whose foot its buttons stay in sight. */
  inDialog?: boolean;
  onPosted?: (id: string) => void;
};

/** Writes a post, an answer or a quote. What is typed is kept as it is typed, and gone only when it is posted. */
export function Composer({
  replyToId,
  quotedPostId,
  editedPostId,
  inDialog = false,
  showTarget = true,
  onPosted,
}: Props) {
  const all = useText();
  const text = all.compose;
  const id = useId();
  const environment = useRelayEnvironment();
  const navigate = useNavigate();
  const viewer = useViewer();
  const what: Composing = { replyToId, quotedPostId, editedPostId };
  const store = useDraft(what);
  const draft = useSyncExternalStore(store.subscribe, store.get);
  const file = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const [making, setMaking] = useState(Boolean(draft.jobId || draft.prompt));
  const [above, setAbove] = useState<Visibility>('PUBLIC');
  const [dragging, setDragging] = useState(false);
  const [added, setAdded] = useState(false);
  const [scheduling, setScheduling] = useState(false);
  const visibility = draft.visibility ?? above;
  const place = placeOf(viewer?.id ?? '', what);
  const following = useMemo(() => rest(place, draft.following), [place, draft.following]);
  const publishing = usePublish(store, what, visibility, following);
  const saving = useSave(store, editedPostId ?? '');
  const { publish, busy, trouble } = editedPostId ? saving : publishing;

  const length = measure(draft.text);
  const pending = draft.pictures.some(({ upload }) => upload.at !== 'kept' && upload.at !== 'refused');
  const kept = draft.pictures.filter(({ upload }) => upload.at === 'kept').length;
  const refusedPicture = draft.pictures.some(({ upload }) => upload.at === 'refused');
  const asks = draft.poll === null || isAskable(draft.poll);
  const allReady = useAllReady(following);
  const ready =
    (length > 0 || kept > 0) && length <= LONGEST && !pending && !refusedPicture && !busy && asks && allReady;
  const count = following.length + 1;
  const pictured = draft.pictures.length > 0 || following.some((one) => one.get().pictures.length > 0);
  const reply = Boolean(replyToId && !quotedPostId);

  const signedIn = viewer !== null;
  useEffect(
    () =>
      signedIn && !editedPostId
        ? follow(environment, store, following, { replyToId, quotedPostId }, visibility)
        : undefined,
    [signedIn, editedPostId, environment, store, following, replyToId, quotedPostId, visibility],
  );
  useEffect(() => {
    if (!inDialog) return;
    // After the dialog has noted where focus was, so that it can give it back.
    const frame = requestAnimationFrame(() => area.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [inDialog]);
  const send = () => {
    if (!ready) return;
    publish((posted) => {
      setMaking(false);
      toast(
        editedPostId ? all.edits.saved : following.length ? all.talk.threadPosted : reply ? text.replied : text.posted,
        {
          action: { label: text.view, run: () => void navigate(places.post(posted)) },
        },
      );
      onPosted?.(posted);
    });
  };
  const add = (picked: readonly File[]) => {
    if (picked.length && !addFiles(environment, store, picked)) toast(text.full, { urgent: true });
  };
  const drop = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setDragging(event.type === 'dragover');
    if (event.type === 'drop') add([...event.dataTransfer.files]);
  };
  const said = sayings(own(trouble.refusals, following.length > 0), reply, all);
  const wrong = (index: number) => {
    const found = trouble.refusals.find(({ path }) => path?.[0] === 'posts' && path[1] === String(index));
    return found && codeText(all, found.code);
  };
  const textTrouble = length > LONGEST ? text.tooLong : said.text;

  return (
    <form
      className={dragging ? `${styles.composer} ${styles.dragging}` : styles.composer}
      aria-label={
        editedPostId ? all.edits.title : reply ? text.titleReply : quotedPostId ? text.titleQuote : all.places.compose
      }
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={drop}
      onDrop={drop}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
    >
      {replyToId && showTarget && (
        <Suspense fallback={<div className={styles.wait} />}>
          <Target id={replyToId} onFound={setAbove} />
        </Suspense>
      )}
      <div className={styles.row}>
        {viewer && <Avatar handle={viewer.handle} name={viewer.displayName} url={viewer.avatarUrl} />}
        <div className={styles.words}>
          <TextBox
            ref={area}
            value={draft.text}
            onChange={(words) => !busy && store.update((now) => ({ ...now, text: words }))}
            onSend={send}
            onPaste={(event) => {
              const pasted = [...event.clipboardData.files].filter(({ type }) => type.startsWith('image/'));
              if (!pasted.length) return;
              event.preventDefault();
              add(pasted);
            }}
            label={text.label}
            placeholder={reply ? text.placeholderReply : quotedPostId ? text.placeholderQuote : text.placeholder}
            describedBy={textTrouble ? `${id}-text` : undefined}
            invalid={Boolean(textTrouble)}
          />
          {textTrouble && (
            <p className={styles.error} id={`${id}-text`} role="alert">
              {textTrouble}
            </p>
          )}
          {draft.warning !== null && (
            <label className={styles.warning}>
              <span>{text.warning}</span>
              <input
                value={draft.warning}
                maxLength={LONGEST_WARNING}
                placeholder={text.warningHint}
                dir="auto"
                onChange={({ target: { value } }) => store.update((now) => ({ ...now, warning: value }))}
              />
            </label>
          )}
          {said.contentWarning && (
            <p className={styles.error} role="alert">
              {said.contentWarning}
            </p>
          )}
          <Pictures store={store} pictures={draft.pictures} />
          {!editedPostId && draft.pictures.length > 0 && (
            <SharingFields
              open
              policy={draft.remixPolicy}
              shownTo={draft.promptVisibility}
              onPolicy={(remixPolicy) => store.update((now) => ({ ...now, remixPolicy }))}
              onShownTo={(promptVisibility) => store.update((now) => ({ ...now, promptVisibility }))}
            />
          )}
          {said.images && (
            <p className={styles.error} role="alert">
              {said.images}
            </p>
          )}
          {draft.poll && <PollMaker store={store} poll={draft.poll} editing={Boolean(editedPostId)} />}
          {making && (
            <Suspense fallback={<div className={styles.wait} />}>
              <Maker store={store} />
            </Suspense>
          )}
          {quotedPostId && (
            <Suspense fallback={<div className={styles.wait} />}>
              <Target id={quotedPostId} />
            </Suspense>
          )}
        </div>
      </div>
      {following.map((one, index) => (
        <ThreadPost
          // biome-ignore lint/suspicious/noArrayIndexKey: its place is what it is kept under
          key={index}
          store={one}
          number={index + 2}
          of={count}
          trouble={wrong(index + 1)}
          onSend={send}
          onRemove={() => {
            takeOut(following, index);
            store.update((now) => ({ ...now, following: now.following - 1 }));
          }}
          busy={busy}
          isNew={added && index === following.length - 1}
        />
      ))}
      {!editedPostId && (inDialog || !isBlank(draft)) && (
        <TermsRow
          terms={draft.terms}
          onChange={(terms) => store.update((now) => ({ ...now, terms }))}
          begins={!replyToId}
          pictured={pictured}
        />
      )}
      {(said.general || trouble.unanswered) && (
        <p className={styles.trouble} role="alert">
          {said.general ?? text.notSent}
        </p>
      )}
      <div className={inDialog ? `${styles.tools} ${styles.foot}` : styles.tools}>
        <input
          ref={file}
          type="file"
          accept={TYPES.join()}
          multiple
          hidden
          onChange={({ target }) => {
            add([...(target.files ?? [])]);
            target.value = '';
          }}
        />
        <IconButton
          label={text.addPictures}
          icon={<ImagePlus />}
          disabled={draft.pictures.length >= MOST_PICTURES}
          onClick={() => file.current?.click()}
        />
        <IconButton
          label={making ? text.generateClose : text.generate}
          icon={<Sparkles />}
          aria-pressed={making}
          className={making ? styles.on : undefined}
          onClick={() => setMaking(!making)}
        />
        <IconButton
          label={draft.warning === null ? text.addWarning : text.removeWarning}
          icon={<EyeOff />}
          aria-pressed={draft.warning !== null}
          className={draft.warning === null ? undefined : styles.on}
          onClick={() => store.update((now) => ({ ...now, warning: now.warning === null ? '' : null }))}
        />
        <IconButton
          label={draft.poll ? all.polls.remove : all.polls.add}
          icon={<ListChecks />}
          aria-pressed={draft.poll !== null}
          className={draft.poll ? styles.on : undefined}
          onClick={() => store.update((now) => ({ ...now, poll: now.poll ? null : NEW_POLL }))}
        />
        {!editedPostId && (
          <>
            <IconButton
              label={all.drafts.schedule}
              icon={<CalendarClock />}
              disabled={!ready}
              onClick={() => setScheduling(true)}
            />
            <IconButton
              label={all.drafts.open}
              icon={<FilePen />}
              onClick={() => {
                composing.set(null);
                void navigate(places.drafts);
              }}
            />
            <Audience value={visibility} onChange={(one) => store.update((now) => ({ ...now, visibility: one }))} />
          </>
        )}
        {!editedPostId && following.length < MOST_FOLLOWING && (
          <IconButton
            label={all.talk.addPost}
            icon={<ListPlus />}
            disabled={!ready}
            onClick={() => {
              setAdded(true);
              store.update((now) => ({ ...now, following: now.following + 1 }));
            }}
          />
        )}
        <span className={styles.end}>
          <Meter length={length} />
          <Button type="submit" small busy={busy} disabled={!ready} title={pending ? text.waiting : undefined}>
            {editedPostId
              ? all.edits.save
              : following.length
                ? all.talk.postAll(count)
                : reply
                  ? text.reply
                  : text.post}
          </Button>
        </span>
      </div>
      {scheduling && (
        <ScheduleThis
          store={store}
          following={following}
          what={what}
          visibility={visibility}
          onClose={() => setScheduling(false)}
        />
      )}
      {dragging && (
        <div className={styles.drop} aria-hidden="true">
          {text.drop}
        </div>
      )}
    </form>
  );
}

/** The refusals of the first post, whose paths then are as if it stood alone, and of what is the whole thread's. */
function own(refusals: readonly Refusal[], inThread: boolean): readonly Refusal[] {
  if (!inThread) return refusals;
  return refusals.flatMap((one) => {
    if (one.path?.[0] !== 'posts') return [one];
    return one.path[1] === '0' ? [{ ...one, path: one.path.slice(2) }] : [];
  });
}

/** Each refusal in the reader's words, where it belongs. */
function sayings(refusals: readonly Refusal[], reply: boolean, all: ReturnType<typeof useText>) {
  const text = all.compose;
  const said: { text?: string; images?: string; contentWarning?: string; general?: string } = {};
  for (const { code, path } of refusals) {
    const words = codeText(all, code);
    const field = path?.[0];
    if (field === 'text') said.text = code === 'BAD_USER_INPUT' ? text.tooLong : words;
    else if (field === 'images') said.images = code === 'NOT_FOUND' ? text.pictureGone : words;
    else if (field === 'contentWarning') said.contentWarning = words;
    else if (field === 'replyToId' || field === 'quotedPostId')
      said.general = reply ? text.gone.reply : text.gone.quote;
    else if (field === 'visibility' && reply) said.general = text.replyBound;
    else if (field === 'poll') said.general = all.polls.wrong;
    else if (field === 'expectedEditCount') said.general = all.edits.stale;
    else if (code === 'QUOTA_EXCEEDED' && field === 'postId') said.general = all.edits.full;
    else said.general = words;
  }
  return said;
}
