import { useState } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { HeldPicturesPageDecideMutation } from '~/__generated__/HeldPicturesPageDecideMutation.graphql';
import type { HeldPicturesPageQuery } from '~/__generated__/HeldPicturesPageQuery.graphql';
import { Button } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { Empty } from '~/shell/Empty';
import styles from './Desk.module.css';
import { DeskTabs } from './DeskTabs';

const QUERY = graphql`
  query HeldPicturesPageQuery {
    viewer {
      desk {
        waitingCaseCount
        waitingAppealCount
        heldPictures {
          id
          url
          owner
          prompt
          category
          createdAt
        }
      }
    }
  }
`;

export const loader = async () => {
  await moderationWords.learn();
  return preload<HeldPicturesPageQuery>(QUERY, {});
};

/** Pictures that checks held until a person has looked at them. */
export function Component() {
  const words = moderationWords.useText();
  const format = useFormat();
  const { viewer } = usePage<HeldPicturesPageQuery>(QUERY, useLoaderData<PreloadedQuery<HeldPicturesPageQuery>>());
  const [gone, setGone] = useState<readonly string[]>([]);
  const [decide, busy] = useAction<HeldPicturesPageDecideMutation>(graphql`
    mutation HeldPicturesPageDecideMutation($input: DecideHeldPictureInput!) {
      decideHeldPicture(input: $input) {
        decidedPictureId
        userErrors {
          code
        }
      }
    }
  `);
  const desk = viewer?.desk;
  const shown = (desk?.heldPictures ?? []).filter(({ id }) => !gone.includes(id));
  const send = (id: string, approves: boolean) =>
    decide({ input: { heldPictureId: id, approves }, onDone: () => setGone((now) => [...now, id]) });
  return (
    <DeskTabs desk={desk}>
      {shown.length ? (
        <ul aria-label={words.tabs.held}>
          {shown.map(({ id, url, owner, prompt, category, createdAt }) => (
            <li key={id} className={styles.row}>
              <p className={styles.head}>
                <strong>@{owner}</strong>
                <span className={styles.note}>
                  {words.heldFor(category)} · <time dateTime={createdAt}>{format.since(createdAt)}</time>
                </span>
              </p>
              <p className={styles.soft} dir="auto">
                {prompt}
              </p>
              <img className={styles.picture} src={url} alt={prompt} loading="lazy" />
              <div className={styles.buttons}>
                <Button small busy={busy} onClick={() => send(id, true)}>
                  {words.allow}
                </Button>
                <Button small look="danger" busy={busy} onClick={() => send(id, false)}>
                  {words.refuse}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <Empty title={words.noneHeld} />
      )}
    </DeskTabs>
  );
}
