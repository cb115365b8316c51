import { Link } from 'react-router';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Brand } from './Brand';
import { Empty } from './Empty';
import { Page } from './Page';

/** A place that a later release opens. Its address works, so that it is never an error; nothing links to it yet. */
export function Component() {
  const text = useText();
  return (
    <Page title={text.soon.title} quiet tools={<Brand />}>
      <Empty title={text.soon.title} text={text.soon.text}>
        <Link to={places.explore} className={buttonClass()}>
          {text.home.toExplore}
        </Link>
      </Empty>
    </Page>
  );
}
