import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { AppsPageQuery } from '~/__generated__/AppsPageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { AddApp } from './AddApp';
import styles from './Apps.module.css';
import { ConnectedRow } from './ConnectedRow';
import { Linked } from './Linked';
import { OwnAppRow } from './OwnAppRow';
import { appWords } from './words';

const QUERY = graphql`
  query AppsPageQuery {
    loginProvider {
      name
    }
    viewer {
      __id
      ...Linked_viewer
      connectedApps {
        id
        ...ConnectedRow_app
      }
      apps {
        id
        ...OwnAppRow_app
      }
    }
  }
`;

export const loader = async () => {
  const query = preload<AppsPageQuery>(QUERY, {});
  await appWords.learn();
  return query;
};

/** The apps that act for the reader, and those the reader made. */
export function Component() {
  const text = appWords.useText().apps;
  const { viewer, loginProvider } = usePage<AppsPageQuery>(QUERY, useLoaderData<PreloadedQuery<AppsPageQuery>>());
  if (!viewer) {
    return (
      <Page title={text.title} back>
        <SignedOut title={text.title} text={text.signedOut} />
      </Page>
    );
  }
  return (
    <Page title={text.title} back>
      <div className={styles.intro}>
        <p className={styles.text}>{text.text}</p>
        {viewer.connectedApps.length > 0 ? (
          <ul className={styles.list}>
            {viewer.connectedApps.map((app) => (
              <ConnectedRow key={app.id} app={app} viewer={viewer.__id} />
            ))}
          </ul>
        ) : (
          <p className={styles.none}>
            <strong>{text.none}</strong>
            {text.noneText}
          </p>
        )}
      </div>
      {loginProvider && <Linked viewer={viewer} name={loginProvider.name} />}
      <Section title={text.own} text={text.ownText}>
        {viewer.apps.length > 0 && (
          <ul className={styles.list}>
            {viewer.apps.map((app) => (
              <OwnAppRow key={app.id} app={app} viewer={viewer.__id} />
            ))}
          </ul>
        )}
      </Section>
      <Section title={text.add}>
        <AddApp viewer={viewer.__id} />
      </Section>
    </Page>
  );
}
