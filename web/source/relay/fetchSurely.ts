import {
  fetchQuery,
  type GraphQLTaggedNode,
  type IEnvironment,
  type OperationType,
  type VariablesOf,
} from 'relay-runtime';
import { patience } from './connection';

/**
 * Fetch until there is an answer, also when the page that wanted it is left meanwhile: a stream that said Reset says it once, so what was
 * missed has to be fetched.
 */
export async function fetchSurely<Q extends OperationType>(
  environment: IEnvironment,
  query: GraphQLTaggedNode,
  variables: VariablesOf<Q>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await fetchQuery<Q>(environment, query, variables, { fetchPolicy: 'network-only' }).toPromise();
      return;
    } catch {
      await patience(tries);
    }
  }
}
