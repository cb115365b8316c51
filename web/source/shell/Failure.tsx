import { useEffect, useRef } from 'react';
import { useRevalidator, useRouteError } from 'react-router';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { patience } from '~/relay/connection';
import { failureText, Unreachable } from '~/relay/failure';
import { Empty } from './Empty';
import { Page } from './Page';

/** In place of a page that failed. It tries again when asked, and by itself where nothing could be reached. */
export function Failure() {
  const error = useRouteError();
  const text = useText();
  const { failure } = text;
  const { revalidate, state } = useRevalidator();
  const tries = useRef(1);
  const away = error instanceof Unreachable;
  const title = away ? failure.networkTitle : failure.title;
  useEffect(() => {
    if (!(error instanceof Unreachable)) return;
    let shown = true;
    tries.current += 1;
    void patience(tries.current).then(() => {
      if (shown) void revalidate();
    });
    return () => {
      shown = false;
    };
  }, [error, revalidate]);
  return (
    <Page title={title} quiet wide>
      <div role="alert">
        <Empty title={title} text={away ? failure.networkText : failureText(text, error)}>
          <Button onClick={() => void revalidate()} busy={state === 'loading'}>
            {text.common.retry}
          </Button>
        </Empty>
      </div>
    </Page>
  );
}
