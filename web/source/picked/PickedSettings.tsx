import { graphql, useFragment, usePaginationFragment } from 'react-relay/hooks';
import type { PickedSettings_opinions$key } from '~/__generated__/PickedSettings_opinions.graphql';
import type { PickedSettings_viewer$key } from '~/__generated__/PickedSettings_viewer.graphql';
import type { PickedSettingsMoreQuery } from '~/__generated__/PickedSettingsMoreQuery.graphql';
import type { PickedSettingsMutation } from '~/__generated__/PickedSettingsMutation.graphql';
import type { PickedSettingsTakeMutation } from '~/__generated__/PickedSettingsTakeMutation.graphql';
import { Button } from '~/design/Button';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Row, Section } from '~/settings/Section';
import sections from '~/settings/Section.module.css';
import styles from './PickedSettings.module.css';

const CHOICES = ['OFF', 'OFFERED', 'FIRST'] as const;

/** Whether posts are picked for one, and what one wants more or less of, to be taken back. */
export function PickedSettings({ viewer: key }: { viewer: PickedSettings_viewer$key }) {
  const text = useText().picked;
  const viewer = useFragment(
    graphql`
      fragment PickedSettings_viewer on Viewer {
        viewing {
          forYou
        }
        ...PickedSettings_opinions
      }
    `,
    key,
  );
  const [act] = useAction<PickedSettingsMutation>(graphql`
    mutation PickedSettingsMutation($input: UpdateViewingInput!) {
      updateViewing(input: $input) {
        viewer {
          viewing {
            forYou
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const value = CHOICES.find((one) => one === viewer.viewing.forYou) ?? 'OFFERED';
  return (
    <Section title={text.forYou} text={text.settingsText}>
      <Row label={text.choice}>
        <Segments
          label={text.choice}
          value={value}
          onChange={(forYou) =>
            act({
              input: { forYou },
              optimisticUpdater: (store) =>
                store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('viewing')?.setValue(forYou, 'forYou'),
              updater: (store, answer) => {
                const now = answer?.updateViewing.viewer?.viewing.forYou;
                if (now) store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('viewing')?.setValue(now, 'forYou');
              },
            })
          }
          options={CHOICES.map((one) => ({ value: one, label: text.choices[one] }))}
        />
      </Row>
      <p className={sections.text}>{text.about[value]}</p>
      <Opinions viewer={viewer} />
    </Section>
  );
}

function Opinions({ viewer }: { viewer: PickedSettings_opinions$key }) {
  const text = useText();
  const { data, hasNext, loadNext } = usePaginationFragment<PickedSettingsMoreQuery, PickedSettings_opinions$key>(
    graphql`
      fragment PickedSettings_opinions on Viewer
      @refetchable(queryName: "PickedSettingsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
        opinions(first: $first, after: $after) @connection(key: "PickedSettings_opinions") {
          __id
          edges {
            node {
              id
              wish
              post {
                author {
                  displayName
                }
              }
              user {
                displayName
              }
              hashtag {
                name
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const [withdraw] = useAction<PickedSettingsTakeMutation>(graphql`
    mutation PickedSettingsTakeMutation($input: WithdrawOpinionInput!, $connections: [ID!]!) {
      withdrawOpinion(input: $input) {
        withdrawnOpinionId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const opinions = (data.opinions?.edges ?? []).flatMap(({ node }) => node ?? []);
  const connections = data.opinions ? [data.opinions.__id] : [];
  if (!opinions.length) return null;
  return (
    <>
      <h3 className={styles.heading}>{text.picked.opinions}</h3>
      <ul className={styles.opinions}>
        {opinions.map(({ id, wish, post, user, hashtag }) => {
          const about = hashtag
            ? `#${hashtag.name}`
            : user
              ? user.displayName
              : post
                ? text.post.label(post.author.displayName)
                : text.picked.gone;
          const words = wish === 'MORE' ? text.picked.moreOf(about) : text.picked.lessOf(about);
          return (
            <li key={id}>
              <span>{words}</span>
              <Button
                small
                look="quiet"
                aria-label={text.picked.takeBackOf(words)}
                onClick={() =>
                  withdraw({
                    input: { opinionId: id },
                    variables: { connections },
                    optimisticResponse: { withdrawOpinion: { withdrawnOpinionId: id, userErrors: [] } },
                  })
                }
              >
                {text.picked.takeBack}
              </Button>
            </li>
          );
        })}
      </ul>
      {hasNext && (
        <Button small look="quiet" onClick={() => loadNext(20)}>
          {text.common.more}
        </Button>
      )}
    </>
  );
}
