import { useEffect } from 'react';
import { loadQuery, type PreloadedQuery, usePreloadedQuery } from 'react-relay/hooks';
import type { GraphQLTaggedNode, OperationType, VariablesOf } from 'relay-runtime';
import { wentBack } from '~/routing/direction';
import { environment } from './environment';

const DISPOSE_MILLISECONDS = 1_000;

/**
 * Begin to fetch a page's data as soon as its address is known; for a route's loader. Going back shows the page as it was; going on
 * shows what is known at once and fetches it anew.
 */
export function preload<Q extends OperationType>(
  query: GraphQLTaggedNode,
  variables: VariablesOf<Q>,
  live = false,
): PreloadedQuery<Q> {
  const fetchPolicy = live || wentBack() ? 'store-or-network' : 'store-and-network';
  return loadQuery<Q>(environment, query, variables, { fetchPolicy });
}

const leaving = new WeakMap<object, ReturnType<typeof setTimeout>>();

/** The data of a page whose loader called `preload`; suspends until it is there. Lets go of it when the page is left. */
export function usePage<Q extends OperationType>(
  query: GraphQLTaggedNode,
  reference: PreloadedQuery<Q>,
): Q['response'] {
  useEffect(() => {
    clearTimeout(leaving.get(reference)); // strict mode leaves and comes back at once
    return () => {
      leaving.set(
        reference,
        setTimeout(() => reference.dispose(), DISPOSE_MILLISECONDS),
      );
    };
  }, [reference]);
  return usePreloadedQuery<Q>(query, reference);
}
