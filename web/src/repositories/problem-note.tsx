import { ApiProblem } from '../api/problem.ts';
import { ErrorState } from '../kit/states.tsx';

/** A problem that was met in the background, drawn like one that was met just now. */
export function ProblemNote({
  problem,
}: {
  readonly problem: { readonly code: string; readonly detail: string; readonly action: string };
}) {
  return (
    <ErrorState
      compact
      error={
        new ApiProblem({ type: 'about:blank', title: problem.detail, status: 0, requestId: '', ...problem })
      }
    />
  );
}
