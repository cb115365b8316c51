import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { ExternalLoginMutation } from '~/__generated__/ExternalLoginMutation.graphql';
import type { ExternalLoginQuery } from '~/__generated__/ExternalLoginQuery.graphql';
import { Button } from '~/design/Button';
import { useAction } from '~/relay/useAction';
import styles from './ExternalLogin.module.css';
import { appWords } from './words';

type Props = { next: string; why: string | null };

/** The way in by an outside provider, where one is named; and why it did not work. */
export function ExternalLogin(props: Props) {
  return (
    <Suspense fallback={null}>
      <Way {...props} />
    </Suspense>
  );
}

function Way({ next, why }: Props) {
  const { loginProvider } = useLazyLoadQuery<ExternalLoginQuery>(
    graphql`
      query ExternalLoginQuery {
        loginProvider {
          name
        }
      }
    `,
    {},
  );
  if (!loginProvider) return null;
  return <Offer name={loginProvider.name} next={next} why={why} />;
}

function Offer({ name, next, why }: Props & { name: string }) {
  const text = appWords.useText().external;
  const [start, busy] = useStart();
  const failure = why?.startsWith('external_') ? (text.failures[why] ?? text.failures.external_failed) : undefined;
  return (
    <div className={styles.way}>
      {failure && (
        <p className={styles.wrong} role="alert">
          {failure}
        </p>
      )}
      <p className={styles.or}>{text.or}</p>
      <Button look="quiet" wide busy={busy} onClick={() => start({ next, link: false })}>
        {text.with(name)}
      </Button>
    </div>
  );
}

/** Sets out for the provider, to sign in or to link. */
export function useStart(): [start: (input: { next: string; link: boolean }) => void, busy: boolean] {
  const [act, busy] = useAction<ExternalLoginMutation>(
    graphql`
      mutation ExternalLoginMutation($input: StartExternalLoginInput!) {
        startExternalLogin(input: $input) {
          url
          userErrors {
            code
            path
          }
        }
      }
    `,
    { keyless: true },
  );
  const start = (input: { next: string; link: boolean }) =>
    act({ input, onDone: ({ startExternalLogin: { url } }) => url && location.assign(url) });
  return [start, busy];
}
