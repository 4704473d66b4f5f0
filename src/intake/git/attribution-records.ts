import type { AttributionRecord } from '../../core/attribution/attribution-record.ts';
import { parseEntireSession } from '../../core/attribution/entire-checkpoint.ts';
import { parseGitAiNote } from '../../core/attribution/git-ai-note.ts';
import {
  type ParsedRecord,
  type RecordOrigin,
  toAttributionRecord,
} from '../../core/attribution/parsed-record.ts';
import type { Gap, ObservedCommit } from '../../core/change/observed-change.ts';
import type { FoundTrace, FoundTraces } from './agent-traces.ts';
import type { FileLister } from './diff-reader.ts';
import { checkpointFiles, checkpointIds } from './entire-checkpoints.ts';
import {
  type AddedLines,
  followFiles,
  type LandedLines,
  landedDirectly,
  landedThrough,
} from './landed-lines.ts';
import type { Notes } from './notes.ts';
import type { ObjectReader } from './object-reader.ts';
import { withoutTranscripts } from './prompt-text.ts';
import type { References } from './references.ts';

export interface RecordSources {
  readonly reader: ObjectReader;
  readonly references: References;
  readonly notes: Notes;
  readonly traces: FoundTraces;
  /** Lists files that differ between two commits. */
  readonly lister: FileLister;
}

export interface FoundRecords {
  readonly records: readonly AttributionRecord[];
  readonly gaps: readonly Gap[];
}

const recordLimitBytes = 4 * 1024 * 1024;

/** Whether any record with line ranges may speak of these commits. */
export function mayHaveLines({ notes, traces }: RecordSources, commits: readonly ObservedCommit[]): boolean {
  return commits.some(({ sha }) => notes.blobs.has(sha) || traces.byCommit.has(sha));
}

/** Everything that notes, traces and checkpoints say of the change's commits, in commit order. */
export async function findRecords(
  sources: RecordSources,
  commits: readonly ObservedCommit[],
  added: AddedLines,
): Promise<FoundRecords> {
  const seen = new Set<string>();
  const checkpoints = commits.map(({ message }) => firstSeen(checkpointIds(message), seen));
  const claims = await Promise.all(
    commits.map(async (commit, index) => [
      ...(await noteOf(sources, commit)),
      ...(sources.traces.byCommit.get(commit.sha) ?? []).map(traceClaim),
      ...leftOutTraces(sources, commit),
      ...(await checkpointsOf(sources, commit, checkpoints[index] ?? [])),
    ]),
  );
  const found = claims.flat().filter((claim) => claim.kind === 'record');
  const landedOf = await findLanded(sources, { found, commits, added });
  return {
    records: found.map(({ parsed, origin }) => toAttributionRecord(parsed, origin, landedOf(origin.commit))),
    gaps: claims.flat().flatMap((claim) => (claim.kind === 'gap' ? [claim.gap] : [])),
  };
}

type Claim =
  | { readonly kind: 'record'; readonly parsed: ParsedRecord; readonly origin: RecordOrigin }
  | { readonly kind: 'gap'; readonly gap: Gap };

interface Claimed {
  readonly found: readonly { readonly parsed: ParsedRecord; readonly origin: RecordOrigin }[];
  readonly commits: readonly ObservedCommit[];
  readonly added: AddedLines;
}

/** For each commit of the change: how the lines of its records become lines of the change. */
async function findLanded(
  sources: RecordSources,
  { found, commits, added }: Claimed,
): Promise<(commit: string) => LandedLines> {
  const last = commits.at(-1);
  const trees = new Map(commits.map(({ sha, tree }) => [sha, tree]));
  const followed = new Map<string, Set<string>>();
  for (const { parsed, origin } of found) {
    if (last === undefined || trees.get(origin.commit) === last.tree) continue;
    const paths = parsed.sessions.flatMap(({ claims }) => claims.map(({ path }) => path));
    if (paths.length === 0) continue;
    followed.set(origin.commit, new Set([...(followed.get(origin.commit) ?? []), ...paths]));
  }
  const requests = [...followed].map(([from, paths]) => ({ from, paths }));
  const ways = await followFiles(sources, requests, last?.sha ?? '');
  return (commit) => {
    if (!followed.has(commit)) return landedDirectly(added);
    const moves = ways.get(commit);
    // Where the way cannot be followed nothing is claimed to have landed.
    return moves === undefined ? () => undefined : landedThrough(moves, added);
  };
}

function leftOutTraces({ traces }: RecordSources, { sha }: ObservedCommit): readonly Claim[] {
  const count = traces.leftOut.get(sha);
  return count === undefined
    ? []
    : [{ kind: 'gap', gap: tooLarge(`${count} trace lines that ${sha} added`) }];
}

async function noteOf({ reader, notes }: RecordSources, { sha }: ObservedCommit): Promise<readonly Claim[]> {
  const blob = notes.blobs.get(sha);
  if (blob === undefined) return [];
  return readRecord(reader, blob, (bytes) => parseGitAiNote(withoutTranscripts(bytes).toString('utf8')), {
    source: 'git-ai-note',
    locator: `refs/notes/ai:${sha}`,
    commit: sha,
  });
}

async function checkpointsOf(
  { reader, references }: RecordSources,
  { sha }: ObservedCommit,
  ids: readonly string[],
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const id of ids) {
    for (const { session, name, locator } of await checkpointFiles(reader, references, id)) {
      const origin = { source: 'entire-checkpoint', locator, commit: sha } as const;
      claims.push(
        ...(await readRecord(
          reader,
          name,
          (bytes) => parseEntireSession(bytes.toString('utf8'), session),
          origin,
        )),
      );
    }
  }
  return claims;
}

/** Squashing repeats trailers: a checkpoint belongs to the first commit that names it. */
function firstSeen(ids: readonly string[], seen: Set<string>): readonly string[] {
  const fresh = ids.filter((id) => !seen.has(id));
  for (const id of fresh) seen.add(id);
  return fresh;
}

function traceClaim({ trace, commit, locator, blob, sizeBytes }: FoundTrace): Claim {
  const origin = { source: 'agent-trace', locator, commit, blob, sizeBytes } as const;
  return { kind: 'record', parsed: trace.record, origin };
}

async function readRecord(
  reader: ObjectReader,
  name: string,
  parse: (bytes: Buffer) => ParsedRecord,
  origin: Omit<RecordOrigin, 'blob' | 'sizeBytes'>,
): Promise<readonly Claim[]> {
  const object = await reader.read(name, recordLimitBytes + 1);
  if (!object.found) {
    return [
      { kind: 'gap', gap: { code: 'note-unreadable', detail: `${origin.locator} is ${object.reason}.` } },
    ];
  }
  if (object.sizeBytes > recordLimitBytes) return [{ kind: 'gap', gap: tooLarge(origin.locator) }];
  const { id: blob, sizeBytes } = object;
  return [{ kind: 'record', parsed: parse(object.bytes), origin: { ...origin, blob, sizeBytes } }];
}

function tooLarge(what: string): Gap {
  return {
    code: 'note-too-large',
    detail: `Not read, over the limit of ${recordLimitBytes} bytes: ${what}.`,
  };
}
