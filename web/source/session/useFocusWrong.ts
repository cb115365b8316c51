import { type RefObject, useEffect } from 'react';

/** Put focus into the first field that was refused, each time something new was refused. */
export function useFocusWrong(form: RefObject<HTMLFormElement | null>, refused: unknown): void {
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, refused]);
}
