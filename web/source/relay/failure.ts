import type { Dictionary } from '~/i18n/en';

/** A refusal as the API gives it: a code for us, a path into the input for the form. */
export type Refusal = {
  readonly code: string;
  readonly path?: readonly string[] | null | undefined;
  /** Seconds after which the same may succeed. */
  readonly retryAfter?: number | null | undefined;
};

/** No answer came: the network, or the server is away. Worth trying again as it is. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** The API answered that the whole request cannot be done. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(readonly code: string) {
    super(code);
  }
}

/** A refusal's code in the reader's words. */
export function codeText(text: Dictionary, code: string): string {
  const codes: Record<string, string> = text.failure.codes;
  return codes[code] ?? text.failure.codes.OTHER;
}

/** Any failure in the reader's words. */
export function failureText(text: Dictionary, error: unknown): string {
  if (error instanceof Unreachable) return text.failure.network;
  if (error instanceof Refused) return codeText(text, error.code);
  return text.failure.text;
}

/** The refusal that belongs beside a field of a form, or undefined. `field` is the first step of the path. */
export function refusalOf(refusals: readonly Refusal[], field: string): Refusal | undefined {
  return refusals.find((refusal) => refusal.path?.[0] === field);
}
