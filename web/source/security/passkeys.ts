/** What this browser can do about passkeys (WebAuthn), and doing it: options and answers are the JSON texts that the API speaks. */

type Descriptor = { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] };
type Options = {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  allowCredentials?: Descriptor[];
};

/** Browsers make passkeys for domains, never for bare addresses. */
export const isDomain = (host: string): boolean => !/^(\d+\.){3}\d+$|^\[|:/.test(host) && host !== '';

export const supported = (): boolean =>
  window.isSecureContext === true && typeof window.PublicKeyCredential === 'function' && isDomain(location.hostname);

/** Whether the browser offers passkeys while a name is being filled in. */
export async function offersThem(): Promise<boolean> {
  return supported() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** The bytes that URL-safe base64 without padding stands for. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

/** Bytes in URL-safe base64 without padding. */
export function textOf(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const descriptors = (all: Descriptor[] | undefined) => all?.map((one) => ({ ...one, id: bytesOf(one.id) }));

/** Have a passkey made. Throws what the browser throws: NotAllowedError (cancelled, too late), InvalidStateError (there is one). */
export async function create(text: string): Promise<string> {
  const { challenge, user, excludeCredentials, ...rest } = JSON.parse(text) as Options;
  const made = (await navigator.credentials.create({
    publicKey: {
      ...(rest as Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user'>),
      challenge: bytesOf(challenge),
      user: { name: '', displayName: '', ...user, id: bytesOf(user?.id ?? '') },
      excludeCredentials: descriptors(excludeCredentials),
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return answer(made, {
    clientDataJSON: textOf(response.clientDataJSON),
    attestationObject: textOf(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** Have a passkey shown; `conditional` waits until one is chosen beside a name that is filled in. Throws like `create`. */
export async function get(
  text: string,
  { conditional = false, signal }: { conditional?: boolean; signal?: AbortSignal } = {},
): Promise<string> {
  const { challenge, allowCredentials, ...rest } = JSON.parse(text) as Options;
  const shown = (await navigator.credentials.get({
    ...(conditional ? { mediation: 'conditional' as const } : {}),
    ...(signal ? { signal } : {}),
    publicKey: { ...rest, challenge: bytesOf(challenge), allowCredentials: descriptors(allowCredentials) ?? [] },
  })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return answer(shown, {
    clientDataJSON: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.authenticatorData),
    signature: textOf(response.signature),
    userHandle: response.userHandle ? textOf(response.userHandle) : null,
  });
}

const answer = (one: PublicKeyCredential, response: Record<string, unknown>): string =>
  JSON.stringify({ id: one.id, rawId: textOf(one.rawId), type: one.type, response });
