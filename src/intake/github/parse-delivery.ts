import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DeliveryReading } from '../../app/delivery-ports.ts';
import type { HostRepository } from '../../core/host/observation.ts';
import {
  readMember,
  readMembership,
  readOrganization,
  readRepository,
  readTeam,
  readTeamAdd,
} from './access.ts';
import { readCodeScanningAlert, readDependabotAlert, readSecretScanningAlert } from './alerts.ts';
import { readBranchProtectionConfiguration, readBranchProtectionRule } from './branch-protection.ts';
import { readDeployment, readDeploymentStatus } from './deployments.ts';
import {
  readCheckRun,
  readCheckSuite,
  readStatus,
  readWorkflowJob,
  readWorkflowRun,
} from './gate-outcomes.ts';
import { hostNameOf } from './host-name.ts';
import { readInstallation, readInstallationRepositories } from './installations.ts';
import { Account, Repository, whatIsWrong } from './payload.ts';
import { readPing } from './ping.ts';
import { readPullRequest } from './pull-requests.ts';
import { readMergeGroup, readPush } from './pushes.ts';
import { readJsonObject } from './read-json.ts';
import { type About, accountOf, type EventReader } from './reading.ts';
import { readReview, readReviewComment, readReviewThread } from './reviews.ts';
import { readRuleset } from './rulesets.ts';

/** A delivery whose signature was verified; nothing but the body was signed. */
export interface SignedDelivery {
  /** `X-GitHub-Event`; null where it is none. */
  readonly event: string | null;
  /** `X-GitHub-Delivery`. */
  readonly deliveryId: string | null;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

const readers: ReadonlyMap<string, EventReader> = new Map([
  ['pull_request', readPullRequest],
  ['pull_request_review', readReview],
  ['pull_request_review_comment', readReviewComment],
  ['pull_request_review_thread', readReviewThread],
  ['push', readPush],
  ['merge_group', readMergeGroup],
  ['check_run', readCheckRun],
  ['check_suite', readCheckSuite],
  ['status', readStatus],
  ['workflow_run', readWorkflowRun],
  ['workflow_job', readWorkflowJob],
  ['deployment', readDeployment],
  ['deployment_status', readDeploymentStatus],
  ['installation', readInstallation],
  ['installation_repositories', readInstallationRepositories],
  ['repository', readRepository],
  ['repository_ruleset', readRuleset],
  ['branch_protection_rule', readBranchProtectionRule],
  ['branch_protection_configuration', readBranchProtectionConfiguration],
  ['member', readMember],
  ['membership', readMembership],
  ['team', readTeam],
  ['team_add', readTeamAdd],
  ['organization', readOrganization],
  ['code_scanning_alert', readCodeScanningAlert],
  ['secret_scanning_alert', readSecretScanningAlert],
  ['dependabot_alert', readDependabotAlert],
]);

/**
 * What a well-signed delivery tells, as observations of the code host; zero or more. Total: what cannot be understood is a
 * result that says where and why, and never an error. Unknown fields and values that are missing do no harm; bodies, prompts
 * and secrets are measured or passed over, not kept.
 */
export function parseDelivery(delivery: SignedDelivery): DeliveryReading {
  const { event } = delivery;
  if (event === null) return notUnderstood('X-GitHub-Event names no event');
  const json = readJsonObject(payloadText(delivery));
  if (!json.ok) return notUnderstood(json.because);
  const action = actionOf(json.value.action);
  if (event === 'ping') return { ...readPing(json.value, [...readers.keys()]), action: null, remarks: [] };
  const read = readers.get(event);
  if (read === undefined)
    return { result: 'ignored', because: 'the event is not used', action: action ?? null, remarks: [] };
  if (action === undefined) return notUnderstood('action: must be a word');
  const about = aboutDelivery(json.value, { ...delivery, event, action });
  if (typeof about === 'string') return notUnderstood(about, action);
  return { ...read(json.value, about), action, remarks: about.remarks };
}

function notUnderstood(because: string, action: string | null = null): DeliveryReading {
  return { result: 'not-understood', because, action, remarks: [] };
}

/** A webhook may be set to send a form with the JSON in it; the signature is over the form. */
function payloadText({ body, contentType = '' }: SignedDelivery): string {
  const text = new TextDecoder().decode(body);
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) return text;
  return new URLSearchParams(text).get('payload') ?? '';
}

/** Null where the event has none, undefined where it is no word. */
function actionOf(action: unknown): string | null | undefined {
  if (action === undefined || action === null) return null;
  return typeof action === 'string' && /^[a-z_]{1,64}$/.test(action) ? action : undefined;
}

const Envelope = z.object({ repository: Repository.nullish(), organization: Account, sender: Account });

/** What the delivery says around the thing itself, or why that is not understood. */
function aboutDelivery(
  payload: unknown,
  delivery: SignedDelivery & { readonly event: string; readonly action: string | null },
): About | string {
  const hostName = hostNameOf(payload);
  if (hostName === undefined) return 'it names no host';
  const parsed = Envelope.safeParse(payload);
  if (!parsed.success) return whatIsWrong(parsed.error);
  const { repository, organization, sender } = parsed.data;
  const remarks: string[] = [];
  const { event, action, deliveryId, body, receivedAt } = delivery;
  const name = { hostName, remarks };
  return {
    ...name,
    action: action ?? '',
    repository: repository ? repositoryOf(hostName, repository) : null,
    owner: repository
      ? accountOf(name, repository.owner, 'repository.owner')
      : withKind(accountOf(name, organization, 'organization')),
    actor: accountOf(name, sender, 'sender'),
    origin: {
      via: 'webhook',
      event: action === null ? event : `${event}.${action}`,
      deliveryId,
      digest: createHash('sha256').update(body).digest('hex'),
      bytes: body.length,
    },
    receivedAt: receivedAt.toISOString(),
  };
}

/** Under `organization` the type is left out. */
function withKind(account: About['owner']): About['owner'] {
  return account && { ...account, kind: 'organization' };
}

export function repositoryOf(hostName: string, repository: Repository): HostRepository {
  const { protocol } = new URL(repository.html_url);
  return {
    hostId: `${hostName}#${repository.id}`,
    ref: {
      id: `${hostName}/${repository.full_name}`.toLowerCase(),
      name: repository.name,
      url: `${protocol}//${hostName}/${repository.full_name}`,
    },
    defaultBranch: repository.default_branch,
  };
}
