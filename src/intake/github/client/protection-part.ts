import type { BypassActor, ObservedProtection } from '../../../core/host/observation.ts';
import type { Answer } from './requests.ts';

/** What one ruleset or the branch's own protection asks for. */
export interface ProtectionPart {
  /** Null where it is not known whether there is one. */
  readonly source: string | null;
  readonly rules: ObservedProtection['rules'];
  readonly bypass: readonly BypassActor[] | null;
  readonly answers: readonly Answer[];
}
