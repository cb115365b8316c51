export type HandInRefusal = 'type' | 'size' | 'busy' | 'gone' | 'broken' | 'network';

/** A picture was not taken to be checked; `why` names the sentence for it. */
export class HandInRefused extends Error {
  constructor(readonly why: HandInRefusal) {
    super(why);
  }
}

const REASONS: Record<number, HandInRefusal> = { 404: 'gone', 413: 'size', 429: 'busy', 408: 'network' };

/** The ticket for a picture: a file, or one that is here by its id. Throws HandInRefused, or AbortError when it was called off. */
export async function handIn(picture: File | string, signal: AbortSignal): Promise<string> {
  const [address, body] =
    typeof picture === 'string' ? [`/verify?${new URLSearchParams({ image: picture })}`, null] : ['/verify', picture];
  let answer: Response;
  try {
    answer = await fetch(address, { method: 'POST', body, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new HandInRefused('network');
  }
  if (!answer.ok) throw new HandInRefused(REASONS[answer.status] ?? (answer.status < 500 ? 'broken' : 'network'));
  const told = (await answer.json()) as { ticket: string };
  return told.ticket;
}
