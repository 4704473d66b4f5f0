import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ask } from '../api/call.ts';

/** Ends this session and forgets everything that was read in it. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  async function signOut() {
    // A session that has ended already is what was wanted.
    await ask('POST', '/api/auth/sign-out', {}).catch(() => undefined);
    await navigate({ to: '/sign-in' });
    client.clear();
  }
  return () => void signOut();
}
