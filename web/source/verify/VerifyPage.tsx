import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import { useSearchParams } from 'react-router';
import type { VerifyPageQuery, VerifyPageQuery$data } from '~/__generated__/VerifyPageQuery.graphql';
import { TYPES } from '~/compose/upload';
import { Button } from '~/design/Button';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { Page } from '~/shell/Page';
import { Answer } from './Answer';
import { Dropping } from './Dropping';
import { type HandInRefusal, HandInRefused, handIn } from './handIn';
import styles from './VerifyPage.module.css';

const QUERY = graphql`
  query VerifyPageQuery($ticket: String!) {
    verifyImage(ticket: $ticket) {
      ...Answer_verification
    }
  }
`;

type Told = NonNullable<VerifyPageQuery$data['verifyImage']>;
type State =
  | { readonly at: 'waiting'; readonly why?: HandInRefusal }
  | { readonly at: 'looking'; readonly shown: string | null }
  | { readonly at: 'told'; readonly shown: string | null; readonly told: Told };

/** Was this picture made here? For everybody: a file, or with `?image=` a picture that is here. */
export function Component() {
  const text = useText().verify;
  const environment = useRelayEnvironment();
  const [search, setSearch] = useSearchParams();
  const [state, setState] = useState<State>({ at: 'waiting' });
  const way = useRef(new AbortController());
  const asked = search.get('image');

  const check = useCallback(
    async (picture: File | string) => {
      way.current.abort();
      const here = new AbortController();
      way.current = here;
      const shown = typeof picture === 'string' ? null : URL.createObjectURL(picture);
      setState({ at: 'looking', shown });
      try {
        if (typeof picture !== 'string' && !TYPES.includes(picture.type)) throw new HandInRefused('type');
        const ticket = await handIn(picture, here.signal);
        const data = await fetchQuery<VerifyPageQuery>(environment, QUERY, { ticket }).toPromise();
        if (here.signal.aborted) return;
        if (!data?.verifyImage) throw new HandInRefused('network');
        setState({ at: 'told', shown, told: data.verifyImage });
      } catch (error) {
        if (here.signal.aborted) return;
        setState({ at: 'waiting', why: error instanceof HandInRefused ? error.why : 'network' });
      }
    },
    [environment],
  );
  useEffect(() => {
    if (asked) void check(asked);
    return () => way.current.abort();
  }, [asked, check]);
  const shown = state.at === 'waiting' ? null : state.shown;
  useEffect(() => (shown ? () => URL.revokeObjectURL(shown) : undefined), [shown]);
  const anew = () => {
    way.current.abort();
    setSearch({}, { replace: true });
    setState({ at: 'waiting' });
  };
  return (
    <Page title={text.title} back>
      <div className={styles.page}>
        {state.at === 'waiting' && (
          <>
            <p className={styles.lead}>{text.lead}</p>
            <Dropping onPicture={check} />
            <p role="alert" className={styles.refused}>
              {state.why && text.refused[state.why]}
            </p>
          </>
        )}
        {state.at === 'looking' && (
          <div className={styles.looking}>
            {state.shown && <img src={state.shown} alt={text.handedIn} />}
            <p>
              <Spinner label={text.looking} /> <span aria-hidden="true">{text.looking}</span>
            </p>
          </div>
        )}
        {state.at === 'told' && (
          <>
            <Answer verification={state.told} shown={state.shown} />
            <Button look="quiet" onClick={anew}>
              {text.again}
            </Button>
          </>
        )}
      </div>
    </Page>
  );
}
