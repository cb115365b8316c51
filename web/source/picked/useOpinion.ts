import { graphql } from 'react-relay/hooks';
import type { useOpinionGiveMutation } from '~/__generated__/useOpinionGiveMutation.graphql';
import type { useOpinionTakeMutation } from '~/__generated__/useOpinionTakeMutation.graphql';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { drop, take } from './unwanted';

type About = { postId: string } | { userId: string };

/** Say that one wants more or less of a post or a person, with a way back. */
export function useOpinion(): (wish: 'MORE' | 'LESS', about: About) => void {
  const text = useText();
  const [give] = useAction<useOpinionGiveMutation>(graphql`
    mutation useOpinionGiveMutation($input: GiveOpinionInput!) {
      giveOpinion(input: $input) {
        opinion {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [withdraw] = useAction<useOpinionTakeMutation>(graphql`
    mutation useOpinionTakeMutation($input: WithdrawOpinionInput!) {
      withdrawOpinion(input: $input) {
        withdrawnOpinionId
        userErrors {
          code
        }
      }
    }
  `);
  return (wish, about) => {
    const id = 'postId' in about ? about.postId : about.userId;
    if (wish === 'LESS') drop(id);
    else take(id);
    give({
      input: { wish, ...about },
      onRefused: () => take(id),
      onDone: ({ giveOpinion }) => {
        const opinionId = giveOpinion.opinion?.id;
        if (!opinionId) return;
        toast(wish === 'LESS' ? text.picked.lessSaid : text.picked.moreSaid, {
          action: {
            label: text.common.undo,
            run: () => withdraw({ input: { opinionId }, onDone: () => take(id) }),
          },
        });
      },
    });
  };
}
