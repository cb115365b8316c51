import { useText } from '~/i18n/language';
import { Empty } from './Empty';
import { Page } from './Page';

/** A place that a later release opens. Its address works, so that it is never an error; nothing links to it yet. */
export function Component() {
  const text = useText();
  return (
    <Page title={text.soon.title}>
      <Empty title={text.soon.title} text={text.soon.text} />
    </Page>
  );
}
