import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { HostObservation, HostRepository, ObservationOrigin } from '../../../core/host/observation.ts';
import { repositoryOf } from '../parse-delivery.ts';
import { OptionalFlag, Repository } from '../payload.ts';
import { type AboutRepository, accountOf, type EventReader } from '../reading.ts';
import { type Answer, type As, type GithubRequests, shownRoute, understood } from './requests.ts';

/** Where all routes of a repository begin: by its id, under which it is found whatever it is called by now. */
export const ofRepository = '/repositories/{repository_id}';

export interface Place {
  readonly requests: GithubRequests;
  readonly as: As;
  readonly parameters: { readonly repository_id: string };
}

export function placeOf(requests: GithubRequests, { hostId }: HostRepository): Place {
  const { name } = requests.places;
  const id = hostId.startsWith(`${name}#`) ? hostId.slice(name.length + 1) : '';
  if (!/^\d{1,16}$/.test(id))
    throw new AppError('HOST_MISSING', { host: name, detail: 'a repository of another host' });
  return { requests, as: { kind: 'repository', id }, parameters: { repository_id: id } };
}

const FullRepository = Repository.extend({ archived: OptionalFlag });
export type FullRepository = z.output<typeof FullRepository>;

/** The repository as it is called now; known already, it costs the host's limit nothing. */
export async function readRepository(place: Place): Promise<FullRepository> {
  const { value } = await place.requests.send(place.as, `GET ${ofRepository}`, place.parameters);
  return understoodRepository(place.requests, value);
}

export function understoodRepository({ places }: GithubRequests, value: unknown): FullRepository {
  return understood(places.name, FullRepository, value);
}

/** What observations of that repository say around the thing itself. */
export function aboutOf(
  { places }: GithubRequests,
  repository: FullRepository,
  origin: ObservationOrigin,
): AboutRepository {
  const name = { hostName: places.name, remarks: [] };
  return {
    ...name,
    action: 'read',
    repository: repositoryOf(places.name, repository),
    owner: accountOf(name, repository.owner, 'repository.owner'),
    actor: null,
    origin,
    receivedAt: new Date().toISOString(),
  };
}

/** Of one body, or of several that are one thing. */
export function originOf(
  route: string,
  answers: readonly Pick<Answer, 'digest' | 'bytes'>[],
): ObservationOrigin {
  const [first, ...others] = answers;
  const digest =
    first !== undefined && others.length === 0
      ? first.digest
      : sha256(answers.map((answer) => answer.digest).join('\n'));
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  return { via: 'api', event: shownRoute(route), deliveryId: null, digest, bytes };
}

/** Of one item of a list, so that it stays the same whatever is listed beside it. */
export function originOfItem(route: string, item: unknown): ObservationOrigin {
  const text = canonical(item);
  return {
    via: 'api',
    event: shownRoute(route),
    deliveryId: null,
    digest: sha256(text),
    bytes: Buffer.byteLength(text),
  };
}

/** JSON with the members of objects in order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a reader of webhooks makes of the same shape; nothing, where it says that there is nothing to keep. */
export function read<Observation extends HostObservation>(
  reader: EventReader,
  payload: unknown,
  about: AboutRepository,
): readonly Observation[] {
  const reading = reader(payload, about);
  if (reading.result === 'observed') return reading.observations as readonly Observation[];
  if (reading.result === 'ignored') return [];
  throw new AppError('HOST_ANSWER', {
    host: about.hostName,
    detail: `${about.origin.event}: ${reading.because}`,
  });
}

/** All items of a list, each unread. `inside`: under which name the page holds them. */
export async function itemsOfPages(
  place: Place,
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  inside?: string,
): Promise<{ readonly items: readonly unknown[]; readonly answers: readonly Answer[] }> {
  const { requests, as } = place;
  const answers: Answer[] = [];
  const items: unknown[] = [];
  for await (const answer of requests.pages(as, route, { ...place.parameters, ...parameters })) {
    answers.push(answer);
    for (const item of listIn(requests, answer.value, inside)) items.push(item);
  }
  return { items, answers };
}

export function listIn({ places }: GithubRequests, value: unknown, inside?: string): readonly unknown[] {
  const list = z.array(z.unknown());
  if (inside === undefined) return understood(places.name, list, value);
  return understood(places.name, z.object({ [inside]: list }), value)[inside] ?? [];
}
