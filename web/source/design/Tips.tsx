import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import styles from './Tooltip.module.css';

const PATIENCE_MILLISECONDS = 500;
const EDGE_PIXELS = 8;

/** The tip of whatever is pointed at or focused by the keyboard; gone on Escape, on a press, and when it is left. */
export default function Tips() {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const tip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tipped = (event: Event) =>
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;
    const show = (element: HTMLElement | null, patience: number) => {
      clearTimeout(timer);
      if (element) timer = setTimeout(() => setTarget(element.isConnected ? element : null), patience);
      else setTarget(null);
    };
    const onOver = (event: PointerEvent) =>
      show(event.pointerType === 'mouse' ? tipped(event) : null, PATIENCE_MILLISECONDS);
    const onFocus = (event: FocusEvent) => {
      const element = tipped(event);
      show(element?.matches(':focus-visible') ? element : null, 0);
    };
    const hide = () => show(null, 0);
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && hide();
    document.addEventListener('pointerover', onOver);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', onOver);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  useLayoutEffect(() => {
    const element = tip.current;
    if (!target || !element) return;
    return autoUpdate(target, element, () => {
      const middleware = [offset(6), flip(), shift({ padding: EDGE_PIXELS })];
      void computePosition(target, element, { placement: 'bottom', strategy: 'fixed', middleware }).then(({ x, y }) => {
        Object.assign(element.style, { left: `${x}px`, top: `${y}px` });
      });
    });
  }, [target]);
  if (!target) return null;
  return createPortal(
    <div ref={tip} className={styles.tip} aria-hidden="true">
      {target.dataset.tip}
      {target.dataset.tipKey && <kbd className={styles.key}>{target.dataset.tipKey}</kbd>}
    </div>,
    document.body,
  );
}
