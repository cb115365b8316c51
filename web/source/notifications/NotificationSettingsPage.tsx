import { graphql, type PreloadedQuery, useFragment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type {
  NotificationSettingsPage_viewer$key,
  NotificationSource,
} from '~/__generated__/NotificationSettingsPage_viewer.graphql';
import type { NotificationSettingsPageFiltersMutation } from '~/__generated__/NotificationSettingsPageFiltersMutation.graphql';
import type { NotificationSettingsPageQuery } from '~/__generated__/NotificationSettingsPageQuery.graphql';
import type { NotificationSettingsPageSwitchMutation } from '~/__generated__/NotificationSettingsPageSwitchMutation.graphql';
import { useText } from '~/i18n/language';
import { Devices } from '~/push/Devices';
import { Digest } from '~/push/Digest';
import { usePushWords } from '~/push/words';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import styles from './Notifications.module.css';

const QUERY = graphql`
  query NotificationSettingsPageQuery {
    viewer {
      ...NotificationSettingsPage_viewer
    }
  }
`;

const FILTERS = ['notFollowing', 'notFollowers', 'newAccounts', 'privateMentions'] as const;
const WAYS = ['ACCEPT', 'FILTER', 'DROP'] as const;
const SOURCES = ['EVERYONE', 'FOLLOWING', 'NOBODY'] as const;
/** Kinds of which nobody else is the cause, so that they are on or off; and the one that is always told. */
const OWN = new Set<string>(['POLL_ENDED', 'GENERATION_FINISHED', 'REPORT_DECIDED']);
const ALWAYS = 'MODERATION';

export const loader = () => preload<NotificationSettingsPageQuery>(QUERY, {});

/** How one wants to be told: what becomes of what strangers do, and which kinds one hears of. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<NotificationSettingsPageQuery>(
    QUERY,
    useLoaderData<PreloadedQuery<NotificationSettingsPageQuery>>(),
  );
  return (
    <Page title={text.places.notifications} back>
      {viewer ? <Settings viewer={viewer} /> : <SignedOut title={text.bell.settings} text={text.bell.settingsText} />}
    </Page>
  );
}

function Settings({ viewer: key }: { viewer: NotificationSettingsPage_viewer$key }) {
  const text = useText().bell;
  const words = usePushWords();
  const { notificationSettings: settings } = useFragment(
    graphql`
      fragment NotificationSettingsPage_viewer on Viewer {
        notificationSettings {
          notFollowing
          notFollowers
          newAccounts
          privateMentions
          switches {
            kind
            source
            pushes
          }
          ...Devices_settings
          ...Digest_settings
        }
      }
    `,
    key,
  );
  const [filter] = useAction<NotificationSettingsPageFiltersMutation>(graphql`
    mutation NotificationSettingsPageFiltersMutation($input: UpdateNotificationFiltersInput!) {
      updateNotificationFilters(input: $input) {
        viewer {
          ...NotificationSettingsPage_viewer
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [turn] = useAction<NotificationSettingsPageSwitchMutation>(graphql`
    mutation NotificationSettingsPageSwitchMutation($input: UpdateNotificationSwitchInput!) {
      updateNotificationSwitch(input: $input) {
        viewer {
          ...NotificationSettingsPage_viewer
        }
        userErrors {
          code
        }
      }
    }
  `);
  const choose = (name: string, way: string) =>
    filter({
      input: { [name]: way },
      optimisticUpdater: (store) =>
        store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('notificationSettings')?.setValue(way, name),
    });
  const hear = (kind: string, source: NotificationSource) =>
    turn({
      input: { kind, source },
      optimisticUpdater: (store) =>
        store
          .getRoot()
          .getLinkedRecord('viewer')
          ?.getLinkedRecord('notificationSettings')
          ?.getLinkedRecords('switches')
          ?.find((one) => one?.getValue('kind') === kind)
          ?.setValue(source, 'source'),
    });
  const push = (kind: string, pushes: boolean) =>
    turn({
      input: { kind, pushes },
      optimisticUpdater: (store) =>
        store
          .getRoot()
          .getLinkedRecord('viewer')
          ?.getLinkedRecord('notificationSettings')
          ?.getLinkedRecords('switches')
          ?.find((one) => one?.getValue('kind') === kind)
          ?.setValue(pushes, 'pushes'),
    });
  return (
    <>
      <Devices settings={settings} />
      <Digest settings={settings} />
      <Section title={text.filters} text={text.filtersText}>
        <div className={styles.kinds}>
          {FILTERS.map((name) => (
            <label key={name} className={styles.kind}>
              <span>{text.filter[name]}</span>
              <select
                className={styles.choice}
                value={settings[name]}
                onChange={({ target }) => choose(name, target.value)}
              >
                {WAYS.map((way) => (
                  <option key={way} value={way}>
                    {text.way[way]}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
      </Section>
      <Section title={text.kinds} text={text.kindsText}>
        <div className={styles.kinds}>
          {settings.switches.map(({ kind, source, pushes }) => {
            const name = text.kind[kind as keyof typeof text.kind] ?? (kind === ALWAYS ? words.decisions : text.other);
            return (
              <div key={kind} className={styles.kind}>
                <span>{name}</span>
                <span className={styles.ways}>
                  <label className={styles.atOnce}>
                    <input
                      type="checkbox"
                      aria-label={words.atOnceOf(name)}
                      checked={pushes && source !== 'NOBODY'}
                      disabled={source === 'NOBODY'}
                      onChange={({ target }) => push(kind, target.checked)}
                    />
                    <span aria-hidden="true">{words.atOnce}</span>
                  </label>
                  {kind !== ALWAYS && (
                    <select
                      aria-label={name}
                      className={styles.choice}
                      value={source}
                      onChange={({ target }) => hear(kind, target.value as NotificationSource)}
                    >
                      {SOURCES.filter((one) => one !== 'FOLLOWING' || !OWN.has(kind) || source === one).map((one) => (
                        <option key={one} value={one}>
                          {OWN.has(kind) && one === 'EVERYONE' ? text.on : text.source[one]}
                        </option>
                      ))}
                    </select>
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </Section>
    </>
  );
}
