import { Link, useRouter } from '@tanstack/react-router';
import { PageHeader } from '../kit/page.tsx';
import { EmptyState, ErrorState } from '../kit/states.tsx';

export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter();
  function again() {
    reset();
    void router.invalidate();
  }
  return <ErrorState error={error} onRetry={again} />;
}

export function PageMissing() {
  return (
    <>
      <PageHeader title="No such page" />
      <EmptyState title="Nothing is at this address" action={<Link to="/">To the overview</Link>}>
        <p>The address may be mistyped, or the page may have moved.</p>
      </EmptyState>
    </>
  );
}
