import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, isUnauthenticated } from './problem.ts';

/** `onSignedOut` runs whenever the server says that nobody is signed in. */
export function createClient(onSignedOut: () => void): QueryClient {
  function onError(error: Error): void {
    if (isUnauthenticated(error)) onSignedOut();
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && mayPass(error) },
    },
  });
}

/** Only silence and overload pass by themselves; a refusal stays one. */
function mayPass(error: Error): boolean {
  return error instanceof ApiProblem && [0, 429, 502, 503, 504].includes(error.status);
}
