import { z } from 'zod';
import {
  ChangeDetail,
  ChangeFilter,
  ChangeList,
  ChangeListQuery,
  ChangeQuery,
  Distribution,
  Facets,
  Timeline,
  TimelineQuery,
} from './changes.ts';
import {
  ApiKeys,
  ById,
  CreateApiKey,
  CreatedApiKey,
  Invitation,
  InviteMember,
  Members,
  Profile,
  Sessions,
  Settings,
  UpdateMember,
} from './door.ts';
import type { EndpointName } from './endpoints.ts';
import {
  Checkpoints,
  CheckpointsQuery,
  EvidenceBundle,
  EvidenceFileQuery,
  EvidenceQuery,
  Logs,
  Verifications,
} from './evidence.ts';
import { Overview } from './overview.ts';
import { PullRequestList, PullRequestQuery } from './pull-requests.ts';
import { ReportQuery, ReportReceipt } from './reports.ts';
import { AddRepository, Job, Jobs, Repositories, RepositoryQuery, UpdateRepository } from './work.ts';

/** What a route takes and gives. Absent = takes nothing there; a route without `response` answers with a file. */
export interface Shapes {
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly response?: z.ZodType;
}

const Done = z.object({ ok: z.literal(true) });

/** The shapes of every endpoint: the server checks what comes in with them, OpenAPI and the pages' types are made from them. */
export const api = {
  getProfile: { response: Profile },
  listOwnSessions: { response: Sessions },
  revokeOwnSession: { query: ById, response: Done },
  listOwnKeys: { response: ApiKeys },
  createOwnKey: { body: CreateApiKey, response: CreatedApiKey },
  revokeOwnKey: { query: ById, response: Done },
  getOverview: { response: Overview },
  listChanges: { query: ChangeListQuery, response: ChangeList },
  getFacets: { query: ChangeFilter, response: Facets },
  getTimeline: { query: TimelineQuery, response: Timeline },
  getDistribution: { query: ChangeFilter, response: Distribution },
  exportChanges: { query: ChangeListQuery.omit({ cursor: true, limit: true }) },
  getChange: { query: ChangeQuery, response: ChangeDetail },
  listPullRequests: { query: PullRequestQuery, response: PullRequestList },
  getEvidence: { query: EvidenceQuery, response: EvidenceBundle },
  downloadEvidence: { query: EvidenceFileQuery },
  listLogs: { response: Logs },
  listCheckpoints: { query: CheckpointsQuery, response: Checkpoints },
  startVerification: { response: Job },
  listVerifications: { response: Verifications },
  receiveReport: { query: ReportQuery, response: ReportReceipt },
  listRepositories: { response: Repositories },
  addRepository: { body: AddRepository, response: Job },
  updateRepository: { query: RepositoryQuery, body: UpdateRepository, response: Done },
  startImport: { query: RepositoryQuery, response: Job },
  listJobs: { response: Jobs },
  getSettings: { response: Settings },
  listMembers: { response: Members },
  inviteMember: { body: InviteMember, response: Invitation },
  updateMember: { query: ById, body: UpdateMember, response: Done },
  removeMember: { query: ById, response: Done },
  listSessions: { response: Sessions },
  revokeSession: { query: ById, response: Done },
  listKeys: { response: ApiKeys },
  revokeKey: { query: ById, response: Done },
} as const satisfies Record<EndpointName, Shapes>;

type Part<
  Name extends EndpointName,
  Key extends keyof Shapes,
  View extends 'input' | 'output',
> = (typeof api)[Name] extends {
  readonly [K in Key]: infer Schema extends z.ZodType;
}
  ? View extends 'input'
    ? z.input<Schema>
    : z.output<Schema>
  : undefined;

/** As a caller writes it; the server sees `Parsed…`. */
export type QueryOf<Name extends EndpointName> = Part<Name, 'query', 'input'>;
export type BodyOf<Name extends EndpointName> = Part<Name, 'body', 'input'>;
export type ParsedQuery<Name extends EndpointName> = Part<Name, 'query', 'output'>;
export type ParsedBody<Name extends EndpointName> = Part<Name, 'body', 'output'>;
export type ResponseOf<Name extends EndpointName> = Part<Name, 'response', 'output'>;
