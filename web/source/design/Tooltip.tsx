import { cloneElement, type ReactElement, Suspense, useEffect, useState } from 'react';
import { later } from '~/routing/later';

const Tips = later(() => import('./Tips'));

type Props = {
  text: string;
  shortcut?: string | undefined;
  children: ReactElement<{ 'data-tip'?: string; 'data-tip-key'?: string }>;
};

/** Words beside a thing while it is pointed at or focused. The thing needs a name of its own: this is no replacement. */
export function Tooltip({ text, shortcut, children }: Props) {
  return cloneElement(children, { 'data-tip': text, 'data-tip-key': shortcut });
}

/** Shows the tips of the whole page; once in the application. Loaded with the first pointer or key, which a finger never moves. */
export function Tooltips() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const want = (event: PointerEvent | KeyboardEvent) => {
      if (!('pointerType' in event) || event.pointerType === 'mouse') setWanted(true);
    };
    addEventListener('pointermove', want, { once: true });
    addEventListener('keydown', want, { once: true });
    return () => {
      removeEventListener('pointermove', want);
      removeEventListener('keydown', want);
    };
  }, []);
  return <Suspense>{wanted && <Tips />}</Suspense>;
}
