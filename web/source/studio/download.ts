import { toast } from '~/design/Toast';
import { words } from '~/i18n/language';

const LONGEST_NAME = 60;

/** Save a picture under a name made of what it shows. A plain link would only open it: its bytes come from another origin. */
export async function download(address: string, about: string): Promise<void> {
  try {
    const { pathname, search } = new URL(address, location.href);
    const response = await fetch(pathname + search); // of our own origin, also behind Vite
    if (!response.ok) throw new Error(String(response.status));
    const bytes = await response.blob();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(bytes);
    link.download = `${fileName(about)}.${bytes.type.split('/')[1]?.split('+')[0] ?? 'png'}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  } catch {
    toast(words().failure.network, { urgent: true });
  }
}

/** A name that every system takes. */
export function fileName(about: string): string {
  const plain = about
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '');
  return plain || 'fresque';
}
