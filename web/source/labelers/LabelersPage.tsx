import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { LabelersPageQuery } from '~/__generated__/LabelersPageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { BeLabeler } from './BeLabeler';
import { HouseLabels } from './HouseLabels';
import { LabelerCard } from './LabelerCard';
import styles from './Labelers.module.css';
import { labelerWords } from './words';

const QUERY = graphql`
  query LabelersPageQuery {
    viewer {
      labelers {
        user {
          id
          ...LabelerCard_user
        }
      }
      viewing {
        hiddenLabels
      }
      user {
        ...BeLabeler_user
      }
    }
  }
`;

export const loader = async () => {
  const query = preload<LabelersPageQuery>(QUERY, {});
  await labelerWords.learn();
  return query;
};

/** Whose labels one sees and what they do, and what one says as a labeler. */
export function Component() {
  const words = labelerWords.useText();
  const { viewer } = usePage<LabelersPageQuery>(QUERY, useLoaderData<PreloadedQuery<LabelersPageQuery>>());
  return (
    <Page title={words.title} back>
      {viewer ? (
        <>
          <Section title={words.mine} text={words.mineText}>
            {viewer.labelers.length ? (
              <div className={styles.list}>
                {viewer.labelers.map(({ user }) => (
                  <LabelerCard key={user.id} user={user} named />
                ))}
              </div>
            ) : (
              <p className={styles.none}>
                <strong>{words.none}</strong> {words.noneText}
              </p>
            )}
          </Section>
          <HouseLabels hidden={viewer.viewing.hiddenLabels} />
          <BeLabeler user={viewer.user} />
        </>
      ) : (
        <SignedOut title={words.title} text={words.signedOut} />
      )}
    </Page>
  );
}
