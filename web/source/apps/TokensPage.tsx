import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { TokensPageQuery } from '~/__generated__/TokensPageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { AddToken } from './AddToken';
import styles from './Apps.module.css';
import { TokenRow } from './TokenRow';
import { appWords } from './words';

const QUERY = graphql`
  query TokensPageQuery {
    viewer {
      __id
      accessTokens {
        id
        ...TokenRow_token
      }
    }
  }
`;

export const loader = async () => {
  const query = preload<TokensPageQuery>(QUERY, {});
  await appWords.learn();
  return query;
};

/** The tokens of one's own programs, and one more. */
export function Component() {
  const words = appWords.useText();
  const { viewer } = usePage<TokensPageQuery>(QUERY, useLoaderData<PreloadedQuery<TokensPageQuery>>());
  const text = words.tokens;
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
        {viewer.accessTokens.length > 0 ? (
          <ul className={styles.list}>
            {viewer.accessTokens.map((token) => (
              <TokenRow key={token.id} token={token} viewer={viewer.__id} />
            ))}
          </ul>
        ) : (
          <p className={styles.none}>
            <strong>{text.none}</strong>
            {text.noneText}
          </p>
        )}
      </div>
      <Section title={text.add}>
        <AddToken viewer={viewer.__id} />
      </Section>
    </Page>
  );
}
