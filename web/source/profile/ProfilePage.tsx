import { useText } from '~/i18n/language';
import { Page } from '~/shell/Page';

export function Component() {
  const text = useText();
  return <Page title={text.name}>{text.tagline}</Page>;
}
