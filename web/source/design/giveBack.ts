import { useRef } from 'react';

/**
 * Focus for a dialog that is opened by a key or out of a menu, where Radix knows no trigger to give it back to: back to what had it,
 * or to the page's heading where that is gone.
 */
export function useGiveBack() {
  const opener = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      const { current } = opener;
      const kept = current instanceof HTMLElement && current !== document.body && current.isConnected ? current : null;
      (kept ?? document.querySelector<HTMLElement>('#content h1'))?.focus({ preventScroll: true });
    },
  };
}
