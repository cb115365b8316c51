import { Link } from 'react-router';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Brand } from './Brand';
import { Empty } from './Empty';
import { Page } from './Page';

/** An address that leads nowhere; `text` says more where a page knows more. */
export function NotFound({ text: why }: { text?: string }) {
  const text = useText();
  return (
    <Page title={text.notFound.title} quiet tools={<Brand />}>
      <Empty title={text.notFound.title} text={why ?? text.notFound.text}>
        <Link to={places.home} className={buttonClass()}>
          {text.notFound.home}
        </Link>
      </Empty>
    </Page>
  );
}

export function Component() {
  return <NotFound />;
}
