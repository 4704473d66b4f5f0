import type { z } from 'zod';
import type {
  HostAccount,
  HostObservation,
  HostRepository,
  ObservationOrigin,
} from '../../core/host/observation.ts';
import { type Account, type Items, whatIsWrong } from './payload.ts';

/** What a delivery says around the thing that it is about, already understood. */
export interface About {
  /** `github.com`, or the name of an Enterprise Server. */
  readonly hostName: string;
  /** Empty for events that have none. */
  readonly action: string;
  readonly repository: HostRepository | null;
  readonly owner: HostAccount | null;
  readonly origin: ObservationOrigin;
  readonly actor: HostAccount | null;
  /** RFC 3339 in UTC. */
  readonly receivedAt: string;
  /** What was left out, for whoever looks at the delivery; places and counts, no values. */
  readonly remarks: string[];
}

export type Reading =
  | { readonly result: 'observed'; readonly observations: readonly HostObservation[] }
  /** Understood, and nothing to keep. */
  | { readonly result: 'ignored'; readonly because: string }
  | { readonly result: 'not-understood'; readonly because: string };

/** Reads the payloads of one kind of event. Total: whatever the payload is, it gives a reading. */
export type EventReader = (payload: unknown, about: About) => Reading;

type Observe<Payload, Around> = (payload: Payload, about: Around) => readonly HostObservation[] | Reading;

/** Of events that happen in organisations and installations too. */
export function reader<Payload>(schema: z.ZodType<Payload>, observe: Observe<Payload, About>): EventReader {
  return (payload, about) => {
    const parsed = schema.safeParse(payload);
    if (!parsed.success) return { result: 'not-understood', because: whatIsWrong(parsed.error) };
    const read = observe(parsed.data, about);
    return 'result' in read ? read : { result: 'observed', observations: read };
  };
}

export type AboutRepository = About & { readonly repository: HostRepository };

/** Of events that always happen in a repository. */
export function repositoryReader<Payload>(
  schema: z.ZodType<Payload>,
  observe: Observe<Payload, AboutRepository>,
): EventReader {
  return reader(schema, (payload, about) => {
    const { repository } = about;
    if (repository === null) return { result: 'not-understood', because: 'repository: is missing' };
    return observe(payload, { ...about, repository });
  });
}

/** The part that all observations of a delivery have in common; the first time that is one is when it occurred. */
export function observed<Around extends About>(about: Around, times: readonly (string | null)[]) {
  const time = times.find((one) => one !== null);
  return {
    host: 'github' as const,
    repository: about.repository as Around['repository'],
    owner: about.owner,
    origin: about.origin,
    occurredAt: time ?? about.receivedAt,
    occurredAtFrom: time === undefined ? ('receipt' as const) : ('host' as const),
    actor: about.actor,
  };
}

/** Null for a deleted account, and for one that cannot be told; then a remark says so. */
export function accountOf(
  about: Pick<About, 'hostName' | 'remarks'>,
  account: Account,
  place: string,
): HostAccount | null {
  if (account === 'unreadable') about.remarks.push(`${place}: an account without id or login`);
  if (account === null || account === 'unreadable') return null;
  const { id, login, type } = account;
  return { id: `${about.hostName}#${id}`, login, kind: kinds.get(type ?? '') ?? 'unknown' };
}

const kinds: ReadonlyMap<string, HostAccount['kind']> = new Map([
  ['User', 'user'],
  ['Bot', 'bot'],
  ['Organization', 'organization'],
]);

/** The items of a list; a remark says how many of it are missing. */
export function itemsOf<Item>(about: About, list: Items<Item> | null, place: string): readonly Item[] {
  if (list === null) return [];
  if (list.unreadable > 0) about.remarks.push(`${place}: ${list.unreadable} items cannot be read`);
  if (list.beyond > 0) about.remarks.push(`${place}: ${list.beyond} items beyond the limit`);
  return list.items;
}

export function accountsOf(about: About, list: Items<Account> | null, place: string): readonly HostAccount[] {
  return itemsOf(about, list, place)
    .map((account) => accountOf(about, account, place))
    .filter((account) => account !== null);
}
