import { useCallback, useEffect, useRef } from 'react';
import { useLocation, useNavigate, useNavigation, useRouteError } from 'react-router';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { patience } from '~/relay/connection';
import { failureText, Unreachable } from '~/relay/failure';
import { wantAnew } from './anew';
import { Empty } from './Empty';
import { Page } from './Page';

const PROBE = '/favicon.svg';

/**
 * In place of a page that failed. It tries again when asked, and by itself where nothing could be reached. It goes to its own address
 * anew: to revalidate would not do, a loader that is done at once never shows the router's boundary that anything was loaded.
 */
export function Failure() {
  const error = useRouteError();
  const text = useText();
  const { failure } = text;
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const here = pathname + search + hash;
  const { state } = useNavigation();
  const again = useCallback(async () => {
    wantAnew();
    await navigate(here, { replace: true, preventScrollReset: true });
  }, [here, navigate]);
  const tries = useRef(1);
  const away = error instanceof Unreachable;
  const title = away ? failure.networkTitle : failure.title;
  useEffect(() => {
    if (!(error instanceof Unreachable)) return;
    let shown = true;
    void (async () => {
      while (shown) {
        tries.current += 1;
        await patience(tries.current);
        if (shown && (await answers())) await again();
      }
    })();
    return () => {
      shown = false;
    };
  }, [error, again]);
  return (
    <Page title={title} quiet wide>
      <div role="alert">
        <Empty title={title} text={away ? failure.networkText : failureText(text, error)}>
          <Button onClick={() => void again()} busy={state === 'loading'}>
            {text.common.retry}
          </Button>
        </Empty>
      </div>
    </Page>
  );
}

/** Whether the server can be reached at all. */
async function answers(): Promise<boolean> {
  try {
    return (await fetch(PROBE, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
