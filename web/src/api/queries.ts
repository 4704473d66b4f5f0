import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ResponseOf } from '../../../src/contract/api.ts';
import type { EndpointName } from '../../../src/contract/endpoints.ts';
import type { Scope } from '../../../src/core/access/permissions.ts';
import { call, type FreeEndpoint, type InputOf } from './call.ts';

/** Options for `useQuery` and friends, keyed by endpoint and query so that `invalidate` finds them. */
export function apiQuery<Name extends EndpointName>(name: Name, input: InputOf<Name>) {
  return queryOptions<ResponseOf<Name>>({
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, input, signal),
  });
}

/** `useApi('listLogs')`: the answer of an endpoint that needs no input. */
export function useApi<Name extends FreeEndpoint>(name: Name) {
  return useQuery(apiQuery(name, {} as InputOf<Name>));
}

/** Does something, then has the named answers asked again. */
export function useApiMutation<Name extends EndpointName>(name: Name, stale: readonly EndpointName[]) {
  const client = useQueryClient();
  return useMutation<ResponseOf<Name>, Error, InputOf<Name>>({
    mutationFn: (input) => call(name, input),
    onSuccess: () => invalidate(client, stale),
  });
}

export async function invalidate(client: QueryClient, names: readonly EndpointName[]): Promise<void> {
  await Promise.all(names.map((name) => client.invalidateQueries({ queryKey: [name] })));
}

/** Who is signed in; asked once, and again when the window comes back. */
export const profileQuery = { ...apiQuery('getProfile', {}), staleTime: 60_000 };

export function useProfile() {
  return useQuery(profileQuery);
}

/** Whether the pages offer it; the server decides anew. False until known. */
export function useCan(scope: Scope): boolean {
  return useProfile().data?.can.includes(scope) ?? false;
}
