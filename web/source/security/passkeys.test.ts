import { expect, test, vi } from 'vitest';
import { bytesOf, create, get, isDomain, supported, textOf } from './passkeys';

test('bytes are written as the API writes them', () => {
  const bytes = Uint8Array.from([251, 255, 190, 0, 1]);
  expect(textOf(bytes.buffer)).toBe('-_--AAE');
  expect([...bytesOf('-_--AAE')]).toEqual([...bytes]);
  expect(textOf(new ArrayBuffer(0))).toBe('');
});

test('passkeys are for domains', () => {
  expect(['localhost', 'fresque.example', '127.0.0.1.example'].map(isDomain)).toEqual([true, true, true]);
  expect(['127.0.0.1', '[::1]', '::1', ''].map(isDomain)).toEqual([false, false, false, false]);
  expect(supported()).toBe(false); // no browser here
});

test('what the server asks goes to the browser as bytes, and its answer back as text', async () => {
  const bytes = (...all: number[]) => Uint8Array.from(all).buffer;
  const credentials = {
    create: vi.fn(async () => ({
      id: 'AQI',
      rawId: bytes(1, 2),
      type: 'public-key',
      response: { clientDataJSON: bytes(3), attestationObject: bytes(4), getTransports: () => ['internal'] },
    })),
    get: vi.fn(async () => ({
      id: 'AQI',
      rawId: bytes(1, 2),
      type: 'public-key',
      response: { clientDataJSON: bytes(3), authenticatorData: bytes(4), signature: bytes(5), userHandle: null },
    })),
  };
  vi.stubGlobal('navigator', { credentials });
  const user = { id: 'AQ', name: 'ada', displayName: 'Ada' };
  const made = await create(
    JSON.stringify({ challenge: 'AQI', user, excludeCredentials: [{ id: 'AQ', type: 'public-key' }] }),
  );
  expect(JSON.parse(made)).toEqual({
    id: 'AQI',
    rawId: 'AQI',
    type: 'public-key',
    response: { clientDataJSON: 'Aw', attestationObject: 'BA', transports: ['internal'] },
  });
  const [asked] = credentials.create.mock.calls[0] as unknown as [CredentialCreationOptions];
  expect([...new Uint8Array(asked.publicKey?.challenge as ArrayBuffer)]).toEqual([1, 2]);
  const shown = await get(JSON.stringify({ challenge: 'AQI', rpId: 'localhost' }), { conditional: true });
  expect(JSON.parse(shown).response).toEqual({
    clientDataJSON: 'Aw',
    authenticatorData: 'BA',
    signature: 'BQ',
    userHandle: null,
  });
  const [wish] = credentials.get.mock.calls[0] as unknown as [CredentialRequestOptions];
  expect(wish.mediation).toBe('conditional');
  vi.unstubAllGlobals();
});
