import { z } from 'zod';
import type { ObservedGateOutcome } from '../../../core/host/observation.ts';
import { readCheckRun, readStatus } from '../gate-outcomes.ts';
import type { AboutRepository, EventReader } from '../reading.ts';
import {
  aboutOf,
  type FullRepository,
  itemsOfPages,
  ofRepository,
  originOfItem,
  type Place,
  read,
} from './repository.ts';

const runs = `GET ${ofRepository}/commits/{ref}/check-runs`;
const statuses = `GET ${ofRepository}/commits/{ref}/statuses`;

/** Also those that were run again: what was red once is told, too. */
export async function gatesOf(
  place: Place,
  repository: FullRepository,
  sha: string,
): Promise<readonly ObservedGateOutcome[]> {
  const [ofRuns, ofStatuses] = await Promise.all([
    itemsOfPages(place, runs, { ref: sha, filter: 'all' }, 'check_runs'),
    itemsOfPages(place, statuses, { ref: sha }),
  ]);
  const about = (route: string, item: unknown) =>
    aboutOf(place.requests, repository, originOfItem(route, item));
  return [
    ...ofRuns.items.flatMap((item) =>
      outcomes(readCheckRun, item, about(runs, item), (shown) => ({ check_run: shown })),
    ),
    ...ofStatuses.items.flatMap((item) =>
      // A list of a commit's statuses does not repeat the commit.
      outcomes(readStatus, item, about(statuses, item), (shown) => ({ ...shown, sha })),
    ),
  ];
}

/**
 * A result that we do not know is none yet: left out, an older one of the same name would stand in its place. What has no name or
 * commit is an error for the same reason.
 */
function outcomes(
  reader: EventReader,
  item: unknown,
  about: AboutRepository,
  payload: (item: object) => unknown,
): readonly ObservedGateOutcome[] {
  const whole = z.looseObject({}).safeParse(item).data ?? {};
  const reading = reader(payload(whole), about);
  if (reading.result === 'observed') return reading.observations as readonly ObservedGateOutcome[];
  return read(reader, payload({ ...whole, status: 'queued', conclusion: null, state: 'pending' }), about);
}
