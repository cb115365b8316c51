import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { AuthorizePageQuery } from '~/__generated__/AuthorizePageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import styles from './Authorize.module.css';
import { Consent } from './Consent';
import { appWords } from './words';

const QUERY = graphql`
  query AuthorizePageQuery($parameters: String!) {
    authorizationRequest(parameters: $parameters) {
      problem
      appName
      destination
      refusalUri
      ...Consent_request
    }
    viewer {
      user {
        handle
      }
    }
  }
`;

type Loaded = { query: PreloadedQuery<AuthorizePageQuery>; parameters: string };

export const loader = async ({ request }: LoaderFunctionArgs): Promise<Loaded> => {
  const parameters = new URL(request.url).search.slice(1);
  const query = preload<AuthorizePageQuery>(QUERY, { parameters });
  await appWords.learn();
  return { query, parameters };
};

/** An app asks to act for the reader, who says yes or no. Nobody is sent anywhere before they chose to go. */
export function Component() {
  const { query, parameters } = useLoaderData<Loaded>();
  const { authorizationRequest: asked, viewer } = usePage<AuthorizePageQuery>(QUERY, query);
  const text = appWords.useText().authorize;
  if (asked.problem) {
    return (
      <Page title={text.title}>
        <Empty title={text.broken} text={text.problems[asked.problem] ?? text.problems.BROKEN} />
      </Page>
    );
  }
  const name = asked.appName ?? '';
  if (asked.refusalUri) {
    return (
      <Page title={text.title}>
        <Empty title={text.broken} text={text.refused(name)}>
          <a className={styles.leave} href={asked.refusalUri} rel="noreferrer">
            {text.backTo(asked.destination ?? '')}
          </a>
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={text.title}>
      {viewer?.user ? (
        <Consent key={parameters} request={asked} parameters={parameters} handle={viewer.user.handle} />
      ) : (
        <SignedOut title={text.heading(name)} text={text.signedOut} />
      )}
    </Page>
  );
}
