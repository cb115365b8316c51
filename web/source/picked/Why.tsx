import { Sparkles } from 'lucide-react';
import { use } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Why_reason$key } from '~/__generated__/Why_reason.graphql';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Reasons } from './reasons';

/** Why one sees a post that was picked. */
export function Why({ reason: key, className }: { reason: Why_reason$key; className?: string | undefined }) {
  const text = useText().picked;
  const tell = use(Reasons);
  const reason = useFragment(
    graphql`
      fragment Why_reason on TimelineReason {
        kind
        sourceIndex
        signals
        hashtag {
          name
        }
        user {
          handle
          displayName
        }
      }
    `,
    key,
  );
  const { kind, hashtag, user } = reason;
  const told = tell?.(reason);
  const words = told ?? text.why[kind];
  if (!words) return null;
  return (
    <p className={className} data-why={kind}>
      <Sparkles aria-hidden="true" />
      {told ? (
        <span>{told}</span>
      ) : user ? (
        <Link to={places.person(user.handle)}>{text.repostedBy(user.displayName)}</Link>
      ) : hashtag ? (
        <Link to={places.hashtag(hashtag.name)}>{text.hashtag(hashtag.name)}</Link>
      ) : (
        <span>{words}</span>
      )}
    </p>
  );
}
