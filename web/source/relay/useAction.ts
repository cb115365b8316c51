import { useCallback, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  commitMutation,
  type GraphQLTaggedNode,
  type MutationParameters,
  type SelectorStoreUpdater,
} from 'relay-runtime';
import { toast } from '~/design/Toast';
import { words } from '~/i18n/language';
import { proveAgain } from '~/security/stepUpStore';
import { askToLogIn, sessionEnded } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import { codeText, failureText, type Refusal } from './failure';

type Wish<M extends MutationParameters> = {
  /**
   * What to do. Every call gets an idempotency key of its own, so that a lost answer can be asked for again; who brings a key (a draft
   * that a person sends again after a lost answer) keeps it.
   */
  input: Record<string, unknown>;
  /** More variables of the document, such as the connections that grow. */
  variables?: Record<string, unknown>;
  optimisticResponse?: M['rawResponse'];
  optimisticUpdater?: SelectorStoreUpdater<M['response']>;
  updater?: SelectorStoreUpdater<M['response']>;
  onDone?: (response: M['response']) => void;
  /** Refusals for the form to show beside its fields. Without it they become a toast. */
  onRefused?: (refusals: readonly Refusal[]) => void;
  /** No answer came, or the whole request was refused. Without it this becomes a toast. */
  onFailed?: (error: Error) => void;
};

/** Not for signing in and up, whose inputs take no key and need nobody signed in: `keyless`. */
type Options = { keyless?: boolean };

/**
 * A mutation as a function, and whether it is under way. What was shown optimistically is taken back when it is refused; the refusal
 * goes to the form or to a toast, in the reader's language; an ended session leads to the log-in. Where a recent proof of who asks is
 * wanted, the dialog for it opens, and the same is asked again.
 */
export function useAction<M extends MutationParameters>(
  mutation: GraphQLTaggedNode,
  { keyless = false }: Options = {},
): [act: (wish: Wish<M>) => void, busy: boolean] {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const [running, setRunning] = useState(0);
  const act = useCallback(
    ({ input, variables, optimisticResponse, optimisticUpdater, updater, onDone, onRefused, onFailed }: Wish<M>) => {
      if (!viewer && !keyless) return askToLogIn();
      const given = keyless ? input : { idempotencyKey: newKey(), ...input };
      const tell = (refusals: readonly Refusal[]) => {
        if (!keyless && refusals.some(({ code }) => code === 'UNAUTHENTICATED')) return sessionEnded();
        if (onRefused) onRefused(refusals);
        else toast(codeText(words(), refusals[0]?.code ?? 'OTHER'), { urgent: true });
      };
      const send = () => {
        setRunning((now) => now + 1);
        commitMutation<M>(environment, {
          mutation,
          variables: { ...variables, input: given },
          optimisticResponse: optimisticResponse as never, // the type asks for what only raw response types say
          optimisticUpdater,
          updater,
          onCompleted: (response) => {
            setRunning((now) => now - 1);
            const refusals = refusalsOf(response);
            if (refusals.some(({ code }) => code === 'REAUTHENTICATION_REQUIRED')) {
              void proveAgain().then((proven) => (proven ? send() : tell(refusals)));
            } else if (refusals.length) tell(refusals);
            else onDone?.(response);
          },
          onError: (error) => {
            setRunning((now) => now - 1);
            if (onFailed) onFailed(error);
            else toast(failureText(words(), error), { urgent: true });
          },
        });
      };
      send();
    },
    [environment, mutation, viewer, keyless],
  );
  return [act, running > 0];
}

/** The refusals of an answer: of the only field that a mutation has. */
function refusalsOf(response: unknown): readonly Refusal[] {
  const payload = Object.values((response ?? {}) as Record<string, { userErrors?: readonly Refusal[] } | null>)[0];
  return payload?.userErrors ?? [];
}

/** A key that no other call has; also where the page is not served securely and `randomUUID` is missing. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
