import type { Surroundings } from '../app/ports.ts';
import type { ActionRecorder } from '../app/serving-ports.ts';
import type { DoorDatabase } from './door-database.ts';
import type { SignInLibrary } from './sign-in-library.ts';

/** What the parts of the door share. */
export interface DoorParts {
  readonly database: DoorDatabase;
  readonly library: SignInLibrary;
  /** Signs session cookies. */
  readonly secret: string;
  readonly surroundings: Surroundings;
  readonly recorder: ActionRecorder;
}
