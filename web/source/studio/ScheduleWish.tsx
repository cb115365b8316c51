import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { ScheduleWishMutation } from '~/__generated__/ScheduleWishMutation.graphql';
import { Audience } from '~/compose/Audience';
import type { Visibility } from '~/compose/draft';
import { LONGEST, measure } from '~/compose/measure';
import { TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { refusedTime } from '~/drafts/refused';
import { SchedulePicker } from '~/drafts/SchedulePicker';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { inputOf, type Wish } from './wish';

type Props = { wish: Wish; text: string; visibility: Visibility; onClose: () => void };

/** Has a wish kept until a time: then its pictures are made, and posted when they are. */
export default function ScheduleWish({ wish, text: begun, visibility: usual, onClose }: Props) {
  const all = useText();
  const text = all.drafts;
  const format = useFormat();
  const navigate = useNavigate();
  const [said, setSaid] = useState(begun);
  const [visibility, setVisibility] = useState(usual);
  const [error, setError] = useState<string>();
  const [schedule, busy] = useAction<ScheduleWishMutation>(graphql`
    mutation ScheduleWishMutation($input: SchedulePostInput!) {
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
  const long = measure(said) > LONGEST;
  const pick = (publishAt: string) => {
    if (long) return;
    setError(undefined);
    schedule({
      input: { content: { posts: [{ text: said }], visibility, wish: inputOf(wish) }, publishAt },
      onDone: () => {
        onClose();
        toast(text.wishDone(format.moment(publishAt)), {
          action: { label: text.title, run: () => void navigate(places.drafts) },
        });
      },
      onRefused: (refusals) => setError(refusedTime(all, refusals)),
    });
  };
  return (
    <SchedulePicker onClose={onClose} title={text.scheduleWish} busy={busy} error={error} onPick={pick}>
      <p>{text.scheduleWishText}</p>
      <TextField
        label={all.studio.openText}
        rows={2}
        dir="auto"
        value={said}
        error={long ? all.compose.tooLong : undefined}
        onChange={({ target: { value } }) => setSaid(value)}
      />
      <span>
        <Audience value={visibility} onChange={setVisibility} />
      </span>
    </SchedulePicker>
  );
}
