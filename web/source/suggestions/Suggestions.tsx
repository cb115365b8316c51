import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { SuggestionsDismissMutation } from '~/__generated__/SuggestionsDismissMutation.graphql';
import type { SuggestionsQuery } from '~/__generated__/SuggestionsQuery.graphql';
import { Avatar } from '~/design/Avatar';
import { IconButton } from '~/design/IconButton';
import type { Dictionary } from '~/i18n/en';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { PATIENT } from '~/relay/network';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import painters from '../home/Painters.module.css';
import styles from './Suggestions.module.css';

const IN_ASIDE = 3;
const ON_PAGE = 30;

/** Whom one might follow, and why: a few beside every page, or all there are. */
export default function Suggestions({ all = false }: { all?: boolean }) {
  const text = useText().suggested;
  const heading = useId();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const { viewer } = useLazyLoadQuery<SuggestionsQuery>(
    graphql`
      query SuggestionsQuery($count: Int!) {
        viewer {
          followSuggestions(count: $count) {
            reason
            followedByCount
            followedBy {
              id
              displayName
            }
            hashtags {
              name
            }
            user {
              id
              handle
              displayName
              avatar {
                url(size: SMALL)
              }
              ...FollowButton_user
            }
          }
        }
      }
    `,
    { count: all ? ON_PAGE : 2 * IN_ASIDE },
    { fetchPolicy: all ? 'store-and-network' : 'store-or-network', networkCacheConfig: PATIENT },
  );
  const [dismiss] = useAction<SuggestionsDismissMutation>(graphql`
    mutation SuggestionsDismissMutation($input: DismissFollowSuggestionInput!) {
      dismissFollowSuggestion(input: $input) {
        dismissedUserId
        userErrors {
          code
        }
      }
    }
  `);
  const left = (viewer?.followSuggestions ?? []).filter(({ user }) => !gone.has(user.id));
  const shown = all ? left : left.slice(0, IN_ASIDE);
  const forget = (userId: string) => {
    setGone((now) => new Set([...now, userId]));
    dismiss({
      input: { userId },
      onRefused: () => setGone((now) => new Set([...now].filter((one) => one !== userId))),
    });
  };
  if (!shown.length) return all ? <Empty title={text.none} text={text.noneText} /> : null;
  return (
    <section className={all ? styles.page : styles.aside} aria-labelledby={all ? undefined : heading}>
      {!all && (
        <h2 id={heading}>
          <Link to={places.suggestions}>{text.title}</Link>
        </h2>
      )}
      <ul>
        {shown.map(({ user, ...why }) => (
          <li key={user.id} className={painters.person}>
            <Link to={places.person(user.handle)} className={painters.who}>
              <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} />
              <span className={painters.names}>
                <bdi className={painters.name}>{user.displayName}</bdi>
                <span className={styles.why}>{because(text, why)}</span>
              </span>
            </Link>
            <FollowButton user={user} small />
            <IconButton label={text.dismiss(user.handle)} icon={<X />} onClick={() => forget(user.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type Why = {
  readonly reason: string;
  readonly followedByCount: number;
  readonly followedBy: readonly { readonly displayName: string }[];
  readonly hashtags: readonly { readonly name: string }[];
};

const NAMED = 2;

/** Why somebody is suggested, in words. */
function because(text: Dictionary['suggested'], { reason, followedByCount, followedBy, hashtags }: Why): string {
  if (reason === 'FOLLOWED_BY_FOLLOWED') {
    const names = followedBy.slice(0, NAMED).map(({ displayName }) => displayName);
    return text.followedBy(names.join(', '), followedByCount - names.length);
  }
  if (reason === 'HASHTAGS') return text.hashtags(hashtags.map(({ name }) => `#${name}`).join(' '));
  return reason === 'LIKED' ? text.liked : text.popular;
}
