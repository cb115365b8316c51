import { type CSSProperties, type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { EditProfileMutation } from '~/__generated__/EditProfileMutation.graphql';
import { graphemes } from '~/compose/measure';
import { Avatar, hueOf } from '~/design/Avatar';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { Dialog } from '~/design/Dialog';
import { Field, TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { useFocusWrong } from '~/session/useFocusWrong';
import type { Editable } from './EditButton';
import styles from './EditProfile.module.css';
import { PictureMenu } from './PictureMenu';
import {
  changedLines,
  keepLines,
  type Lines,
  LONGEST,
  type ProfileWrong,
  refusedLines,
  thawedLines,
  wrongLines,
} from './profileDraft';
import { UploadNote } from './UploadNote';
import { usePictureChoice } from './usePictureChoice';

const SAVE = graphql`
  mutation EditProfileMutation($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        id
        ...ProfileHead_user
        ...EditButton_user
      }
      userErrors {
        code
        path
      }
    }
  }
`;

type Props = { user: Editable; open: boolean; onOpenChange: (open: boolean) => void };

/** One's own profile as a form, its pictures as others will see them. What is typed survives an ended session. */
export default function EditProfile({ user, open, onOpenChange }: Props) {
  const text = useText().editing;
  const [dirty, setDirty] = useState(false);
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (!next && dirty ? setAsking(true) : onOpenChange(next))}
      title={text.title}
      closesOutside={false}
    >
      <Form user={user} onDirty={setDirty} onClose={close} />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={text.discardTitle}
        text={text.discardText}
        action={text.discard}
        onConfirm={() => {
          keepLines(user.id, user, user);
          close();
        }}
      />
    </Dialog>
  );
}

function Form({ user, onDirty, onClose }: { user: Editable; onDirty: (dirty: boolean) => void; onClose: () => void }) {
  const text = useText();
  const { editing } = text;
  const [lines, setLines] = useState<Lines>(() => thawedLines(user.id, user));
  const [wrong, setWrong] = useState<ProfileWrong | null>(null);
  const [refused, setRefused] = useState('');
  const avatar = usePictureChoice(user.avatar);
  const banner = usePictureChoice(user.banner);
  const [save, busy] = useAction<EditProfileMutation>(SAVE);
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const change = (field: keyof Lines) => ({
    value: lines[field],
    error: wrong?.[field],
    aside: <Left text={lines[field]} most={LONGEST[field]} />,
    onChange: ({ target }: { target: { value: string } }) => {
      const next = { ...lines, [field]: target.value };
      setLines(next);
      keepLines(user.id, user, next);
    },
  });
  const waiting = [avatar, banner].some(({ upload }) => upload && upload.at !== 'kept' && upload.at !== 'refused');
  const dirty =
    waiting ||
    [avatar, banner].some(({ imageId }) => imageId !== undefined) ||
    Object.keys(changedLines(user, lines)).length > 0;
  useLayoutEffect(() => onDirty(dirty), [onDirty, dirty]); // before the next key: it may be Escape
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const before = wrongLines(text, lines);
    setWrong(before);
    setRefused('');
    if (before) return;
    const input: Record<string, unknown> = changedLines(user, lines);
    if (avatar.imageId !== undefined) input.avatarImageId = avatar.imageId;
    if (banner.imageId !== undefined) input.bannerImageId = banner.imageId;
    if (!Object.keys(input).length) return onClose();
    save({
      input,
      onDone: () => {
        keepLines(user.id, user, user);
        onClose();
        toast(editing.saved);
      },
      onRefused: (refusals) => {
        const beside = refusedLines(text, refusals);
        setWrong(beside);
        if (!beside) setRefused(codeText(text, refusals[0]?.code ?? 'OTHER'));
      },
      onFailed: (error) => setRefused(failureText(text, error)),
    });
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.look}>
        <div className={styles.banner} style={{ '--hue': hueOf(user.handle) } as CSSProperties}>
          {banner.url && <img src={banner.url} alt="" />}
          <span className={styles.over}>
            <PictureMenu what={editing.banner} choice={banner} />
          </span>
        </div>
        <div className={styles.face}>
          <Avatar handle={user.handle} name={lines.displayName || user.handle} url={avatar.url} size="large" />
          <span className={styles.over}>
            <PictureMenu what={editing.avatar} choice={avatar} />
          </span>
        </div>
      </div>
      <UploadNote upload={banner.upload} what={editing.banner} error={wrong?.bannerImageId} />
      <UploadNote upload={avatar.upload} what={editing.avatar} error={wrong?.avatarImageId} />
      <Field label={editing.name} hint={editing.nameHint} autoComplete="name" {...change('displayName')} />
      <TextField label={editing.bio} rows={3} dir="auto" {...change('bio')} />
      <div className={styles.two}>
        <Field label={editing.location} autoComplete="off" {...change('location')} />
        <Field label={editing.pronouns} autoComplete="off" {...change('pronouns')} />
      </div>
      <Field
        label={editing.website}
        hint={editing.websiteHint}
        type="url"
        inputMode="url"
        autoComplete="url"
        autoCapitalize="none"
        spellCheck={false}
        {...change('website')}
      />
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
      <div className={styles.buttons}>
        <Button type="submit" busy={busy} disabled={waiting}>
          {text.common.save}
        </Button>
      </div>
    </form>
  );
}

const NEAR = 20;

/** How many characters are left, once it matters. */
function Left({ text, most }: { text: string; most: number }) {
  const left = most - graphemes(text);
  const words = useText().compose;
  if (left > NEAR) return null;
  return (
    <span className={left < 0 ? styles.over : styles.left}>
      <span aria-hidden="true">{left}</span>
      <span className="visually-hidden">{left < 0 ? words.over(-left) : words.left(left)}</span>
    </span>
  );
}
