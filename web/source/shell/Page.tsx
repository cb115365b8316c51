import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { unread } from '~/notifications/news';
import { places } from '~/routing/places';
import { Aside } from './Aside';
import styles from './Page.module.css';

type Props = {
  /** The page's name: its heading, and the browser's tab. */
  title: string;
  /** What stands in the heading instead, where that is more than the name. */
  heading?: ReactNode;
  /** At the right of the heading. */
  tools?: ReactNode;
  /** Whether there is something to go back to. */
  back?: boolean;
  /** What the third column of a desktop holds, in place of the newest pictures. */
  aside?: ReactNode;
  /** Says the heading to screen readers alone, where the content shows the same words large. */
  quiet?: boolean;
  /** Takes the third column for the content. */
  wide?: boolean;
  children: ReactNode;
};

let arrivals = 0;

/** The frame of every page: heading, content, aside. On navigation focus moves to the heading, so that a screen reader says it. */
export function Page({ title, heading, tools, back, aside, quiet, wide, children }: Props) {
  const text = useText();
  const navigate = useNavigate();
  const location = useLocation();
  const count = useSyncExternalStore(unread.subscribe, unread.get);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The browser itself announces the first page; a page that opens a field of its own keeps focus there.
    if (arrivals++ > 0 && !head.current?.closest('main')?.contains(document.activeElement)) {
      head.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <>
      <title>{`${count ? `(${count}) ` : ''}${title} · ${text.name}`}</title>
      <main className={wide ? `${styles.main} ${styles.wide}` : styles.main} id="content">
        <header className={styles.head}>
          {back && (
            <IconButton
              label={text.common.back}
              icon={<ArrowLeft />}
              onClick={() => void (location.key === 'default' ? navigate(places.home) : navigate(-1))}
            />
          )}
          <h1 ref={head} tabIndex={-1} className={quiet ? 'visually-hidden' : undefined}>
            {heading ?? title}
          </h1>
          {tools}
        </header>
        {children}
      </main>
      {!wide && <Aside>{aside}</Aside>}
    </>
  );
}
