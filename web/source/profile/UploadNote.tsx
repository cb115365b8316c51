import type { UploadState } from '~/compose/upload';
import { useText } from '~/i18n/language';
import styles from './EditProfile.module.css';

/** How far the upload of one of the pictures is, or why it is not taken. `what` names the picture. */
export function UploadNote({
  upload,
  what,
  error,
}: {
  upload: UploadState | null;
  what: string;
  error?: string | undefined;
}) {
  const text = useText().compose;
  const why = error ?? (upload?.at === 'refused' ? text.uploadRefused[upload.why] : undefined);
  const under = upload?.at === 'checking' ? text.checking : upload && upload.at !== 'kept' ? text.uploading : '';
  return (
    <>
      <p role="status" className={why || !under ? 'visually-hidden' : styles.note}>
        {!why && under && `${what} – ${under}…`}
      </p>
      {why && (
        <p role="alert" className={styles.refused}>
          {what} – {why}
        </p>
      )}
    </>
  );
}
