import { keep, readKept } from '~/state/kept';

const MOST = 8;

const place = (viewerId: string | null) => `searches.${viewerId ?? ''}`;

/** What somebody looked for lately in this browser, the last first. */
export function recent(viewerId: string | null): readonly string[] {
  try {
    const found: unknown = JSON.parse(readKept(place(viewerId)) ?? '[]');
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The same with this one first. */
export function remember(viewerId: string | null, text: string): void {
  const others = recent(viewerId).filter((one) => one !== text);
  keep(place(viewerId), JSON.stringify([text, ...others].slice(0, MOST)));
}

/** The same without this one; without any for none. */
export function forget(viewerId: string | null, text?: string): void {
  const others = text === undefined ? [] : recent(viewerId).filter((one) => one !== text);
  keep(place(viewerId), others.length ? JSON.stringify(others) : null);
}
