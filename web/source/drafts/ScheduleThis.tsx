import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { ScheduleThisMutation } from '~/__generated__/ScheduleThisMutation.graphql';
import type { Draft, Visibility } from '~/compose/draft';
import { type Composing, composing } from '~/compose/open';
import { threadOf } from '~/compose/usePublish';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import type { Store } from '~/state/store';
import { refusedTime } from './refused';
import { SchedulePicker } from './SchedulePicker';
import { handOver, hold } from './sync';

type Props = {
  store: Store<Draft>;
  following: readonly Store<Draft>[];
  what: Composing;
  visibility: Visibility;
  onClose: () => void;
};

/** Asks when what is in the composer is to be posted, and has it posted then. */
export function ScheduleThis({ store, following, what, visibility, onClose }: Props) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  const [schedule, busy] = useAction<ScheduleThisMutation>(graphql`
    mutation ScheduleThisMutation($input: SchedulePostInput!) {
      schedulePost(input: $input) {
        draft {
          id
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const pick = (publishAt: string) => {
    const draft = store.get();
    const letGo = hold(store);
    setError(undefined);
    schedule({
      input: {
        draftId: draft.server?.id ?? null,
        content: threadOf(
          draft,
          following.map((one) => one.get()),
          what,
          visibility,
        ),
        publishAt,
      },
      onDone: () => {
        handOver(store, following);
        letGo();
        onClose();
        composing.set(null);
        toast(text.drafts.done(format.moment(publishAt)), {
          action: { label: text.drafts.title, run: () => void navigate(places.drafts) },
        });
      },
      onRefused: (refusals) => {
        if (refusals.some(({ code, path }) => code === 'NOT_FOUND' && path?.[0] === 'draftId'))
          store.update((now) => ({ ...now, server: null })); // deleted elsewhere: the next try makes a new one
        letGo();
        setError(refusedTime(text, refusals));
      },
      onFailed: (error) => {
        letGo();
        setError(failureText(text, error));
      },
    });
  };
  return <SchedulePicker onClose={onClose} title={text.drafts.schedule} busy={busy} error={error} onPick={pick} />;
}
