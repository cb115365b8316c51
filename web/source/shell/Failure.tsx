import { useEffect } from 'react';
import { useRevalidator, useRouteError } from 'react-router';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { online } from '~/relay/connection';
import { failureText, Unreachable } from '~/relay/failure';
import { Empty } from './Empty';

/** In place of a page that failed. It tries again when asked, and by itself when the network is back. */
export function Failure() {
  const error = useRouteError();
  const text = useText();
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!(error instanceof Unreachable)) return;
    return online.subscribe(() => {
      if (online.get()) void revalidate();
    });
  }, [error, revalidate]);
  return (
    <div role="alert">
      <Empty title={text.failure.title} text={failureText(text, error)}>
        <Button onClick={() => void revalidate()} busy={state === 'loading'}>
          {text.common.retry}
        </Button>
      </Empty>
    </div>
  );
}
