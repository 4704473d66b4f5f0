import { createHash, hash as hashOf } from 'node:crypto';
import type { ObservedChange, RepositoryRef } from '../change/observed-change.ts';
import type { HostObservation } from '../host/observation.ts';
import { observationSubject } from '../host/observation-subject.ts';
import { encodeHex } from '../tlog/bytes.ts';
import type { AssessedHead } from './assessed-head.ts';
import type { Capture } from './capture.ts';
import type { PersonAction } from './person-action.ts';
import { utf8Text } from './utf8-text.ts';

/** Entry kinds of the 58-byte log entry (design section 6). */
export const entryKind = { fact: 1, evidenceRecord: 2 } as const;

export const factTypes = {
  changeObserved: 'dev.reentry.git.change.observed.v1',
  changeAssessed: 'dev.reentry.change.assessed.v1',
  importCompleted: 'dev.reentry.git.import.completed.v1',
  personActed: 'dev.reentry.person.acted.v1',
  hostObserved: 'dev.reentry.host.observed.v1',
} as const;

/** CloudEvents 1.0 in its JSON format; `time` is when it happened, not when we heard of it. */
export interface CloudEvent<Type extends string, Data> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
}

/** One immutable observation from outside, as it is stored and hashed. */
export interface FactOf<Type extends string, Data> {
  readonly event: CloudEvent<Type, Data>;
  /** RFC 3339 in UTC with milliseconds. */
  readonly receivedAt: string;
  readonly capture: Capture;
}

/** What an import ended with: the heads and record refs that it had read, and what could not be read. */
export interface CompletedImport {
  readonly schema: 'reentry.completed-import/1';
  readonly repo: RepositoryRef;
  readonly targetBranch: string;
  readonly headSha: string;
  /** SHA-256, hex, over the head and every ref that carries records. */
  readonly refsDigest: string;
  readonly changes: number;
  readonly added: number;
  readonly gaps: readonly { readonly code: string; readonly detail: string }[];
}

export type ChangeObserved = FactOf<typeof factTypes.changeObserved, ObservedChange>;
export type ChangeAssessed = FactOf<typeof factTypes.changeAssessed, AssessedHead>;
export type ImportCompleted = FactOf<typeof factTypes.importCompleted, CompletedImport>;
export type PersonActed = FactOf<typeof factTypes.personActed, PersonAction>;
export type HostObserved = FactOf<typeof factTypes.hostObserved, HostObservation>;
export type Fact = ChangeObserved | ChangeAssessed | ImportCompleted | PersonActed | HostObserved;

/** What the same observation always hashes to, whoever imports it and when: SHA-256 of the data as JSON. */
export function dataDigest(data: Fact['event']['data']): Uint8Array {
  return hashOf('sha256', JSON.stringify(data), 'buffer');
}

/** A fact's identity (CloudEvents `source` + `id`) as the ledger's 32-byte idempotency key. */
export function idempotencyKey(event: { readonly source: string; readonly id: string }): Uint8Array {
  return createHash('sha256').update(event.source).update('\0').update(event.id).digest();
}

/**
 * The fact of one change seen in a git history. The id is its content's and, where it was seen before with other content,
 * that record's evidence index: seeing the same again adds nothing, going back to an earlier state does.
 */
export function changeObserved(
  data: ObservedChange,
  received: { readonly at: string; readonly capture: Capture; readonly after: number | null },
): ChangeObserved {
  return {
    event: {
      specversion: '1.0',
      id: `${data.id}#${encodeHex(dataDigest(data)).slice(0, 32)}${received.after === null ? '' : `@${received.after}`}`,
      source: factSource(data.repo),
      type: factTypes.changeObserved,
      subject: data.id,
      time: data.mergedAt,
      datacontenttype: 'application/json',
      data,
    },
    receivedAt: received.at,
    capture: received.capture,
  };
}

/** The fact that a head was assessed here. The same state of everything that it rests on is assessed once. */
export function changeAssessed(
  data: AssessedHead,
  received: { readonly at: string; readonly capture: Capture },
): ChangeAssessed {
  const { known, ...rest } = data;
  const { at, ...state } = known;
  return {
    event: {
      specversion: '1.0',
      id: `${data.change.id}#${encodeHex(hashOf('sha256', JSON.stringify({ ...rest, state }), 'buffer')).slice(0, 32)}`,
      source: `${data.pullRequest.host}:${data.pullRequest.repositoryHostId}`,
      type: factTypes.changeAssessed,
      subject: `pull-request/${data.pullRequest.number}`,
      time: at,
      datacontenttype: 'application/json',
      data,
    },
    receivedAt: received.at,
    capture: received.capture,
  };
}

/** The fact that an import ended; unlike a change it happens at `receivedAt`. */
export function importCompleted(data: CompletedImport, receivedAt: string): ImportCompleted {
  return {
    event: {
      specversion: '1.0',
      id: `import#${data.refsDigest.slice(0, 32)}#${receivedAt}`,
      source: factSource(data.repo),
      type: factTypes.importCompleted,
      subject: data.headSha,
      time: receivedAt,
      datacontenttype: 'application/json',
      data,
    },
    receivedAt,
    capture: 'live',
  };
}

/** The fact that somebody did something here. Its id is the request's and its content's: telling the same twice adds nothing. */
export function personActed(data: PersonAction, receivedAt: string): PersonActed {
  return {
    event: {
      specversion: '1.0',
      id: `${data.requestId}#${encodeHex(dataDigest(data)).slice(0, 32)}`,
      source: 'reentry:people',
      type: factTypes.personActed,
      subject: data.target ?? data.resource,
      time: receivedAt,
      datacontenttype: 'application/json',
      data,
    },
    receivedAt,
    capture: 'live',
  };
}

/**
 * The fact of something that a code host told. Its id is the bytes that told it and the place in them: a delivery that is
 * replayed, under whatever id, adds nothing, and the same thing read by API is another fact. Where it has no time or number of
 * its own (somebody joined a team), the same bytes come again when it happens again: there the delivery's id is a part of it.
 */
export function hostObserved(
  data: HostObservation,
  received: { readonly at: string; readonly capture: Capture; readonly index: number },
): HostObserved {
  const { via, event, digest, deliveryId } = data.origin;
  const comesAgain = data.schema === 'reentry.access-change/1' || data.occurredAtFrom === 'receipt';
  const again = comesAgain && deliveryId !== null ? `@${deliveryId}` : '';
  return {
    event: {
      specversion: '1.0',
      id: `${via}/${event}#${digest}/${received.index}${again}`,
      source: hostSource(data),
      type: factTypes.hostObserved,
      subject: observationSubject(data),
      time: data.occurredAt,
      datacontenttype: 'application/json',
      data,
    },
    receivedAt: received.at,
    capture: received.capture,
  };
}

/** Reads a stored fact back. The bytes are our own and were checked against their commitment before. */
export function parseFact(payload: Uint8Array): Fact {
  return JSON.parse(utf8Text(payload)) as Fact;
}

function factSource(repo: RepositoryRef): string {
  return `git:${repo.id}`;
}

/** Accounts and repositories are numbered apart, so that only repositories stand there by their id alone. */
function hostSource({ host, repository, owner }: HostObservation): string {
  if (repository !== null) return `${host}:${repository.hostId}`;
  return owner === null ? `${host}:unknown` : `${host}:account/${owner.id}`;
}
