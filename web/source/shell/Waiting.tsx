import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';

/** In place of everything, until the first page's code and data are there. */
export function Waiting() {
  const text = useText();
  return <Spinner label={text.common.loading} />;
}
