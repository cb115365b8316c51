import { graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { LabelerCard_user$key } from '~/__generated__/LabelerCard_user.graphql';
import type { LabelerCardMutation } from '~/__generated__/LabelerCardMutation.graphql';
import { fetchViewing } from '~/ai/fetchViewing';
import { Segments } from '~/design/Segments';
import { useLanguage } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import styles from './Labelers.module.css';
import { SubscribeButton } from './SubscribeButton';
import { wordingOf } from './summed';
import { labelerWords } from './words';

const CHOICES = ['SHOW', 'WARN', 'HIDE'] as const;

/** A labeler: what it says of itself, its labels, and for who listens what each of them does. */
export function LabelerCard({ user: key, named }: { user: LabelerCard_user$key; named?: boolean }) {
  const words = labelerWords.useText();
  const language = useLanguage();
  const environment = useRelayEnvironment();
  const user = useFragment(
    graphql`
      fragment LabelerCard_user on User {
        id
        handle
        displayName
        labeler {
          description
          viewerIsSubscribed
          labels {
            identifier
            viewerChoice
            defaultChoice
            wordings {
              language
              name
              description
            }
          }
        }
        ...SubscribeButton_user
      }
    `,
    key,
  );
  const [choose] = useAction<LabelerCardMutation>(graphql`
    mutation LabelerCardMutation($input: ChooseLabelInput!) {
      chooseLabel(input: $input) {
        user {
          ...LabelerCard_user
        }
        userErrors {
          code
        }
      }
    }
  `);
  const { labeler } = user;
  if (!labeler) return null;
  return (
    <div className={styles.labeler}>
      <div className={styles.top}>
        <p className={styles.who}>
          {named ? (
            <Link to={places.person(user.handle)}>
              <strong>
                <bdi>{user.displayName}</bdi>
              </strong>{' '}
              @{user.handle}
            </Link>
          ) : (
            words.labelCount(labeler.labels.length)
          )}
        </p>
        <SubscribeButton user={user} />
      </div>
      {labeler.description && (
        <p className={styles.about} dir="auto">
          {labeler.description}
        </p>
      )}
      <ul className={styles.labels}>
        {labeler.labels.map(({ identifier, viewerChoice, defaultChoice, wordings }) => {
          const { name, description } = wordingOf(wordings, language);
          return (
            <li key={identifier} className={styles.label}>
              <div className={styles.meaning}>
                <strong>
                  <bdi>{name}</bdi>
                </strong>
                {description && <span dir="auto">{description}</span>}
              </div>
              {labeler.viewerIsSubscribed ? (
                <Segments
                  label={words.choice(name)}
                  value={CHOICES.find((one) => one === viewerChoice) ?? 'WARN'}
                  onChange={(choice) =>
                    choose({
                      input: { userId: user.id, identifier, choice },
                      onDone: () => void fetchViewing(environment),
                    })
                  }
                  options={CHOICES.map((value) => ({ value, label: words.choices[value] ?? value }))}
                />
              ) : (
                <span className={styles.proposes}>{words.proposes[defaultChoice]}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
