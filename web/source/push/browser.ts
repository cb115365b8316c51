/** What this browser can do about being told at once, and doing it. The worker (public/push.js) is for this alone. */

export type Standing = 'unsupported' | 'refused' | 'off' | 'on';

/** A browser without a push service, or that will not speak to its own. */
export class Unreachable extends Error {}

const WORKER = '/push.js';

/** The types that keep text from becoming code, as far as this needs them: TypeScript does not have them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(path: string): string },
  ): { createScriptURL(path: string): string };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** The worker's address as the page's policy wants it (`trusted-types` in its headers): no other address becomes code. */
const worker = (): string => {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy('fresque', { createScriptURL: () => WORKER });
  return policy?.createScriptURL(WORKER) ?? WORKER;
};

export const supported = (): boolean =>
  isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** The subscription that this browser has; none when there is no worker yet. */
export async function subscription(): Promise<PushSubscription | null> {
  if (!supported()) return null;
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** What can be said without asking the worker, so that the page stands as it will: with leave it is taken to be on. */
export function atFirst(): Standing {
  if (!supported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'refused';
  return Notification.permission === 'granted' ? 'on' : 'off';
}

/** Whether this browser is told, as far as it knows itself. */
export async function standing(): Promise<Standing> {
  const first = atFirst();
  return first === 'on' && !(await subscription()) ? 'off' : first;
}

/**
 * Ask for permission and subscribe with the server's key; null when the person says no. One that was made with another key is given
 * up first. Only after a press of a button: browsers ask nobody unasked. Throws Unreachable.
 */
export async function subscribe(key: string): Promise<PushSubscription | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null;
  try {
    await navigator.serviceWorker.register(worker(), { scope: '/' });
    const { pushManager } = await navigator.serviceWorker.ready;
    const known = await pushManager.getSubscription();
    if (known && keyOf(known.options.applicationServerKey) !== key) await known.unsubscribe();
    return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

/** Give up what this browser has, so that its push service takes nothing for it any more. */
export async function unsubscribe(): Promise<void> {
  await (await subscription())?.unsubscribe();
}

/** What the server is told of a subscription. */
export function inputOf(one: PushSubscription): { endpoint: string; p256dh: string; auth: string } {
  return { endpoint: one.endpoint, p256dh: keyOf(one.getKey('p256dh')), auth: keyOf(one.getKey('auth')) };
}

/** Bytes in URL-safe base64 without padding, as keys are written. */
export function keyOf(bytes: ArrayBuffer | null): string {
  const text = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
