import type { Surroundings } from '../app/ports.ts';
import type { ActionRecorder, PersonAction } from '../app/serving-ports.ts';
import { newId } from './secrets.ts';

const windowMs = 60_000;
const recordedOfOneNetwork = 5;
const recordedOfAll = 60;
/** Further ones count together. */
const maxNetworks = 1_000;

export interface RefusedSignIn {
  readonly network: string;
  readonly address: string;
  /** What was typed as the e-mail, well-formed. */
  readonly email: string;
  readonly requestId: string;
  readonly because: 'wrong' | 'too-many';
}

/**
 * Records refused sign-ins without letting an attacker fill the log: in a minute five of one network and sixty of all are facts of
 * their own, the others become one fact that counts them when the minute is over.
 */
export class RefusedSignIns {
  readonly #recorder: ActionRecorder;
  readonly #surroundings: Surroundings;
  readonly #timer: NodeJS.Timeout;
  #windowEnd = 0;
  #recorded = 0;
  #byNetwork = new Map<string, { recorded: number; suppressed: number }>();

  constructor(recorder: ActionRecorder, surroundings: Surroundings) {
    this.#recorder = recorder;
    this.#surroundings = surroundings;
    // The counts of an attack that has ended are recorded too. Where that fails the log takes nothing, and the server says so.
    this.#timer = setInterval(() => void this.#endWindow(false).catch(() => undefined), windowMs / 2).unref();
  }

  async add(refused: RefusedSignIn): Promise<void> {
    await this.#endWindow(false);
    const counts = this.#countsOf(refused.network);
    if (counts.recorded >= recordedOfOneNetwork || this.#recorded >= recordedOfAll) {
      counts.suppressed += 1;
      return;
    }
    counts.recorded += 1;
    this.#recorded += 1;
    const { email, requestId, address, because } = refused;
    await this.#recorder.record(refusal(requestId, email, { address, because }));
  }

  /** Records the counts that are open. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#endWindow(true);
  }

  #countsOf(network: string) {
    const key = this.#byNetwork.has(network) || this.#byNetwork.size < maxNetworks ? network : 'others';
    const counts = this.#byNetwork.get(key) ?? { recorded: 0, suppressed: 0 };
    this.#byNetwork.set(key, counts);
    return counts;
  }

  async #endWindow(now: boolean): Promise<void> {
    const time = this.#surroundings.now().getTime();
    if (time < this.#windowEnd && !now) return;
    const ended = [...this.#byNetwork].filter(([, { suppressed }]) => suppressed > 0);
    this.#byNetwork = new Map();
    this.#recorded = 0;
    this.#windowEnd = time + windowMs;
    const [first] = ended;
    if (first === undefined) return;
    // One fact for all: an attack from many networks must not fill the log either.
    await this.#recorder.record(
      refusal(newId(this.#surroundings), null, {
        suppressed: ended.reduce((sum, [, { suppressed }]) => sum + suppressed, 0),
        networks: ended.length,
        most: ended.reduce((most, one) => (one[1].suppressed > most[1].suppressed ? one : most), first)[0],
      }),
    );
  }
}

function refusal(requestId: string, target: string | null, detail: PersonAction['detail']): PersonAction {
  return {
    actor: { id: '', email: '', role: null, via: 'none' },
    action: 'sign-in-refused',
    resource: 'own-session',
    target,
    detail,
    requestId,
  };
}
