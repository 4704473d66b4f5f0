import { z } from 'zod';
import type { PublishedCheck } from '../../../app/host-ports.ts';
import { checkName } from '../../../core/gate/check-summary.ts';
import { Id } from '../payload.ts';
import { isHostError } from './host-errors.ts';
import { ofRepository, type Place } from './repository.ts';
import { understood } from './requests.ts';

const maxSummary = 65_535;
const maxTitle = 255;
const maxDescription = 140;

const Made = z.object({ id: Id });

/** Makes the check run of a head, or brings it up to date; resolves to its id. Only an app may make one. */
export async function publishCheck(place: Place, check: PublishedCheck): Promise<string> {
  if (!place.requests.isApp) return publishStatus(place, check);
  const { requests, as, parameters } = place;
  const body = { ...parameters, ...checkRunOf(check) };
  if (check.checkId !== null) {
    const route = `PATCH ${ofRepository}/check-runs/{check_run_id}`;
    try {
      const { value } = await requests.send(as, route, { ...body, check_run_id: check.checkId });
      return understood(requests.places.name, Made, value).id;
    } catch (error) {
      // It is gone, or another app made it: then there is a new one.
      if (!isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) throw error;
    }
  }
  const { value } = await requests.send(as, `POST ${ofRepository}/check-runs`, {
    ...body,
    head_sha: check.headSha,
  });
  return understood(requests.places.name, Made, value).id;
}

const conclusions = { success: 'success', failure: 'failure', 'action-required': 'action_required' } as const;

function checkRunOf({ conclusion, title, summary, detailsUrl }: PublishedCheck) {
  return {
    name: checkName,
    ...(detailsUrl === null ? {} : { details_url: detailsUrl }),
    ...(conclusion === 'pending'
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion: conclusions[conclusion] }),
    output: { title: cut(title, maxTitle), summary: cut(summary, maxSummary) },
  };
}

/** A status knows no "action required": it does not pass. */
const states = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  'action-required': 'failure',
} as const;

async function publishStatus(
  { requests, as, parameters }: Place,
  { headSha, conclusion, title, detailsUrl }: PublishedCheck,
): Promise<string> {
  const { value } = await requests.send(as, `POST ${ofRepository}/statuses/{sha}`, {
    ...parameters,
    sha: headSha,
    state: states[conclusion],
    context: checkName,
    description: cut(title, maxDescription),
    ...(detailsUrl === null ? {} : { target_url: detailsUrl }),
  });
  return understood(requests.places.name, Made, value).id;
}

/** Never in the middle of a character. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
