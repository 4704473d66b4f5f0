import type { Role } from '../../../src/core/access/permissions.ts';

/** What each role may do, in a sentence. */
export const roleWords: Readonly<Record<Role, string>> = {
  owner: 'sees everything, adds repositories, and decides who else may come in.',
  engineer: 'sees everything and starts imports and verifications.',
  auditor: 'sees and exports everything, starts verifications, and changes nothing.',
};
