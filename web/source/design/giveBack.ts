import { useRef } from 'react';

// What had focus last, menus apart: an entry of a menu is gone as soon as it was chosen, its trigger is not.
let outside: Element | null = null;
const inMenu = (element: Element) => element.closest('[role="menu"]') !== null;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof Element && !inMenu(target)) outside = target;
});

/**
 * Focus for a dialog that is opened by a key or out of a menu, where Radix knows no trigger to give it back to: back to what had it,
 * or to the page's heading where that is gone.
 */
export function useGiveBack() {
  const opener = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      const { activeElement: active } = document;
      opener.current = active && active !== document.body && !inMenu(active) ? active : outside;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const { current } = opener;
      const kept = current instanceof HTMLElement && current !== document.body && current.isConnected ? current : null;
      (kept ?? document.querySelector<HTMLElement>('#content h1'))?.focus({ preventScroll: true });
    },
  };
}
