import { Suspense } from 'react';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { Happened } from './Happened';
import { Waiting } from './HappenedFold';

/** What happened to a job, over the page: also for one that made no picture to open. */
export default function HappenedDialog({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const text = useText().happened;
  return (
    <Dialog open onOpenChange={onClose} title={text.title}>
      <Suspense fallback={<Waiting />}>
        <Happened jobId={jobId} />
      </Suspense>
    </Dialog>
  );
}
