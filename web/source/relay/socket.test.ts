import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { line } from './connection';
import { cursorOf, Socket } from './socket';

type Message = { type: string; id?: string; payload?: { variables?: Record<string, unknown> } };

/** A WebSocket whose other end is the test. */
class Wire {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  static wires: Wire[] = [];
  readyState = Wire.OPEN;
  sent: Message[] = [];
  onopen?: () => void;
  onclose?: (event: { code: number; reason: string; wasClean: boolean }) => void;
  onmessage?: (event: { data: string }) => void;
  onerror?: (error: unknown) => void;

  constructor() {
    Wire.wires.push(this);
    queueMicrotask(() => this.onopen?.());
  }

  send(data: string): void {
    const message = JSON.parse(data) as Message;
    this.sent.push(message);
    if (message.type === 'connection_init') queueMicrotask(() => this.hear({ type: 'connection_ack' }));
  }

  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState === Wire.CLOSED) return;
    this.readyState = Wire.CLOSED;
    this.onclose?.({ code, reason, wasClean: true });
  }

  get subscriptions(): Message[] {
    return this.sent.filter(({ type }) => type === 'subscribe');
  }
}

const nextWire = (count: number) =>
  vi.waitFor(() => expect(Wire.wires.at(count - 1)?.subscriptions.length).toBeTruthy(), 5_000);

beforeEach(() => {
  Wire.wires = [];
  vi.stubGlobal('WebSocket', Wire);
});
afterEach(() => vi.unstubAllGlobals());

function follow(socket: Socket) {
  const events: unknown[] = [];
  const stop = socket.follow(
    { document: { documentId: 'sha' }, operationName: 'Home', variables: { after: 'cursor 0' } },
    {
      next: ({ data }) => events.push(data),
      error: (error) => events.push(error),
      complete: () => events.push('complete'),
    },
  );
  return { events, stop };
}

test('after a break a stream goes on behind the last event it heard', async () => {
  const { events, stop } = follow(new Socket('ws://fresque.example/graphql', () => undefined));
  await nextWire(1);
  const [first] = Wire.wires;
  const [asked] = first?.subscriptions ?? [];
  expect(asked?.payload).toMatchObject({ documentId: 'sha', variables: { after: 'cursor 0' } });
  const data = { homeTimeline: { __typename: 'LiveHeartbeat', cursor: 'cursor 7' } };
  first?.hear({ type: 'next', id: asked?.id, payload: { data } });
  expect(events).toEqual([data]);
  first?.close(1012, 'a deploy');
  expect(line.get()).toBe('lost');
  dispatchEvent(new Event('online')); // reason to hope: no waiting
  await nextWire(2);
  expect(Wire.wires[1]?.subscriptions[0]?.payload?.variables).toEqual({ after: 'cursor 7' });
  expect(line.get()).toBe('open');
  stop();
});

test('a close that says forbidden makes one look whether the session is over, and is tried again as nobody', async () => {
  const forbidden = vi.fn();
  const { events, stop } = follow(new Socket('ws://fresque.example/graphql', forbidden));
  await nextWire(1);
  Wire.wires[0]?.close(4403, 'The session has expired.');
  expect(forbidden).toHaveBeenCalledOnce();
  dispatchEvent(new Event('online'));
  await nextWire(2);
  expect(events).toEqual([]);
  stop();
});

test('the cursor of an event is that of its only field', () => {
  expect(cursorOf({ homeTimeline: { cursor: 'c' } })).toBe('c');
  expect(cursorOf({ homeTimeline: null })).toBeUndefined();
  expect(cursorOf(undefined)).toBeUndefined();
});
