import { useEffect, useState } from 'react';

/** What stands behind the # of the address, which is taken out of it at once: it is a secret, and histories are looked through. */
export function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  return secret;
}
