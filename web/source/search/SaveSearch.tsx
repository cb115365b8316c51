import { Bookmark, BookmarkCheck } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';
import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { SaveSearchMutation } from '~/__generated__/SaveSearchMutation.graphql';
import type { SaveSearchSeenMutation } from '~/__generated__/SaveSearchSeenMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { refetchSaved, useSaved } from './saved';
import { useDelete } from './useDelete';

/** Keeps what is looked for, or keeps it no longer. While a kept search is open, what it finds is seen. */
export function SaveSearch({ text: asked, byMeaning }: { text: string; byMeaning: boolean }) {
  const all = useText();
  const text = all.saved;
  const environment = useRelayEnvironment();
  const { searches } = useSaved();
  const kept = searches.find((one) => one.text === asked && one.byMeaning === byMeaning);
  const [save, saving] = useAction<SaveSearchMutation>(graphql`
    mutation SaveSearchMutation($input: SaveSearchInput!) {
      saveSearch(input: $input) {
        savedSearch {
          id
          text
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [see] = useAction<SaveSearchSeenMutation>(graphql`
    mutation SaveSearchSeenMutation($input: MarkSavedSearchSeenInput!) {
      markSavedSearchSeen(input: $input) {
        savedSearch {
          id
          newPostCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove, removing] = useDelete();
  const look = useEffectEvent(() => {
    if (!kept?.newPostCount || document.visibilityState !== 'visible') return;
    see({ input: { savedSearchId: kept.id }, onRefused: () => undefined, onFailed: () => undefined });
  });
  const count = kept?.newPostCount ?? 0;
  useEffect(() => {
    if (count) look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [count]);
  const press = () => {
    if (kept) return remove(kept.id);
    save({
      input: { text: asked, byMeaning },
      onDone: () => refetchSaved(environment),
      onRefused: ([first]) =>
        toast(first?.code === 'QUOTA_EXCEEDED' ? text.tooMany : codeText(all, first?.code ?? 'OTHER'), {
          urgent: true,
        }),
    });
  };
  return (
    <Button look="plain" small busy={saving || removing} aria-pressed={Boolean(kept)} onClick={press}>
      {kept ? <BookmarkCheck aria-hidden="true" /> : <Bookmark aria-hidden="true" />}
      {kept ? text.kept : text.save}
    </Button>
  );
}
