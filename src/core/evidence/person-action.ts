import type { Action, Resource, Role } from '../access/permissions.ts';

/** What somebody did here. Never a secret, never a token; who reads the log reads this. */
export interface PersonAction {
  readonly schema: 'reentry.person-action/1';
  /** A member; where nobody is known (a refused sign-in), `id` and `email` are empty and `role` is null. */
  readonly actor: {
    readonly id: string;
    readonly email: string;
    readonly role: Role | null;
    /** `session`, `api-key`, or `none` where nobody is known. */
    readonly via: string;
  };
  readonly action: Action | 'sign-in' | 'sign-out' | 'sign-in-refused' | 'join';
  readonly resource: Resource;
  /** What it was done to: an id, a path, an e-mail. */
  readonly target: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  /** Made by the server, never taken from a caller: whoever could choose it could keep an action out of the log. */
  readonly requestId: string;
}
