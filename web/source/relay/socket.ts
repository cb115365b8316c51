import { type Client, createClient } from 'graphql-ws';
import { line, patience, watchBrowser } from './connection';

const PING_MILLISECONDS = 15_000;
const PONG_MILLISECONDS = 8_000;
const LINGER_MILLISECONDS = 10_000; // between the last subscription's end and the next one's beginning, as pages change
const FORBIDDEN = 4403;

/** What is sent for a subscription. graphql-ws sends it anew, as it then is, after every break. */
export type LiveRequest = {
  document: { documentId: string } | { query: string };
  operationName: string;
  variables: Record<string, unknown>;
};

type Sink = {
  next: (result: { data?: unknown; errors?: unknown }) => void;
  error: (error: unknown) => void;
  complete: () => void;
};

/** One WebSocket that heals itself: it notices a dead peer, waits its turn, and goes on where each stream was. */
export class Socket {
  private readonly client: Client;

  constructor(url: string, onForbidden: () => void) {
    let late: ReturnType<typeof setTimeout> | undefined;
    this.client = createClient({
      url,
      lazyCloseTimeout: LINGER_MILLISECONDS,
      keepAlive: PING_MILLISECONDS,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: patience,
      shouldRetry: () => true,
      on: {
        connected: () => line.set('open'),
        ping: (received) => {
          if (!received) late = setTimeout(() => this.client.terminate(), PONG_MILLISECONDS);
        },
        pong: (received) => {
          if (received) clearTimeout(late);
        },
        closed: (event) => {
          clearTimeout(late);
          const { code, wasClean } = event as CloseEvent;
          line.set(wasClean && code === 1000 ? 'idle' : 'lost');
          if (code === FORBIDDEN) onForbidden(); // the session ended or was revoked
        },
      },
    });
    watchBrowser(() => {
      if (line.get() === 'open') this.client.terminate();
    });
  }

  /**
   * Follow a stream until told to stop. Each event's `cursor` becomes the `after` of the next try, so nothing between a break and
   * its mending is missed or repeated.
   */
  follow({ document, operationName, variables }: LiveRequest, sink: Sink): () => void {
    const request = { query: '', ...document, operationName, variables: { ...variables } };
    return this.client.subscribe(request, {
      next: (result) => {
        const cursor = cursorOf(result.data);
        if (cursor) request.variables.after = cursor;
        sink.next(result);
      },
      error: sink.error,
      complete: sink.complete,
    });
  }
}

/** The cursor of an event: of the only field that a subscription has. */
export function cursorOf(data: unknown): string | undefined {
  const event = Object.values((data ?? {}) as Record<string, { cursor?: unknown } | null>)[0];
  return typeof event?.cursor === 'string' ? event.cursor : undefined;
}
