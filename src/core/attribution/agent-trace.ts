import type { LineRange } from './attribution-record.ts';
import { asList, asObject, asText, type JsonObject, parseObject } from './lenient-json.ts';
import { normaliseRanges } from './line-ranges.ts';
import { maxLine } from './note-ranges.ts';
import type { ParsedRecord, ParsedSession } from './parsed-record.ts';

/** One Agent Trace record. */
export interface AgentTrace {
  readonly record: ParsedRecord;
  /** The commit that was checked out at capture: the parent of the one that holds the change. */
  readonly revision: string | undefined;
  readonly id: string | undefined;
}

type Contributor = ParsedSession['contributor'];

const maxFiles = 5_000;
const maxConversations = 1_000;
const maxRanges = 100_000;
const contributors: ReadonlySet<string> = new Set(['ai', 'human', 'mixed', 'unknown']);

/** Names that the reference implementation uses for what is no file. */
const pseudoPaths: ReadonlySet<string> = new Set(['.sessions', '.shell-history']);

interface Reading {
  readonly trace: JsonObject;
  readonly problems: Set<string>;
  /** Key of (conversation, contributor, model) → what is gathered for it. */
  readonly sessions: Map<
    string,
    { readonly session: Omit<ParsedSession, 'claims'>; readonly lines: Map<string, LineRange[]> }
  >;
  ranges: number;
}

/**
 * Reads one line of an Agent Trace file (v0.1.0, attribution-signals section 2); undefined for a blank line. Lenient
 * where the reference implementation itself departs from its schema; never throws. Records carry no person.
 * Problems: `unparseable-json`, `missing-version`, `missing-files`, `malformed-file`, `bad-range`, `huge-range`,
 * `too-many-files`, `too-many-sessions`, `too-many-ranges`.
 */
export function parseAgentTraceLine(line: string): AgentTrace | undefined {
  if (line.trim() === '') return undefined;
  const trace = parseObject(line);
  if (trace === undefined) {
    const record = { hasLines: false, sessions: [], problems: ['unparseable-json'] };
    return { record, revision: undefined, id: undefined };
  }
  const reading: Reading = { trace, problems: new Set(), sessions: new Map(), ranges: 0 };
  readFiles(reading);
  const schemaVersion = asText(trace.version, 100);
  if (schemaVersion === undefined) reading.problems.add('missing-version');
  const sessions = [...reading.sessions.values()].map(toSession);
  return {
    record: {
      ...(schemaVersion === undefined ? {} : { schemaVersion: `agent-trace/${schemaVersion}` }),
      hasLines: sessions.some(({ claims }) => claims.length > 0),
      sessions,
      problems: [...reading.problems].toSorted(),
    },
    revision: asText(asObject(trace.vcs)?.revision),
    id: asText(trace.id),
  };
}

function readFiles(reading: Reading): void {
  const files = asList(reading.trace.files);
  if (!Array.isArray(reading.trace.files)) reading.problems.add('missing-files');
  if (files.length > maxFiles) reading.problems.add('too-many-files');
  for (const item of files.slice(0, maxFiles)) {
    const file = asObject(item);
    const path = asText(file?.path, 4_096);
    if (file === undefined || path === undefined || path === '') {
      reading.problems.add('malformed-file');
      continue;
    }
    asList(file.conversations).forEach((conversation, index) => {
      readConversation(reading, path, asObject(conversation) ?? {}, index);
    });
  }
}

function readConversation(reading: Reading, path: string, conversation: JsonObject, index: number): void {
  const contributor = asObject(conversation.contributor);
  const url = asText(conversation.url, 500) ?? `conversation ${index}`;
  // A conversation without ranges still says that it took part.
  addRange(reading, { path, url, contributor }, undefined);
  for (const item of asList(conversation.ranges)) {
    const range = asObject(item) ?? {};
    const own = asObject(range.contributor) ?? contributor;
    addRange(reading, { path, url, contributor: own }, rangeOf(range, reading.problems));
  }
}

interface Place {
  readonly path: string;
  readonly url: string;
  readonly contributor: JsonObject | undefined;
}

function addRange(reading: Reading, { path, url, contributor }: Place, range: LineRange | undefined): void {
  const type = asText(contributor?.type) ?? 'unknown';
  const kind = (contributors.has(type) ? type : 'unknown') as Contributor;
  const model = asText(contributor?.model_id, 250);
  const key = `${url}\0${kind}\0${model ?? ''}`;
  const found = reading.sessions.get(key);
  if (found === undefined && reading.sessions.size >= maxConversations) {
    reading.problems.add('too-many-sessions');
    return;
  }
  const entry = found ?? { session: describe(reading.trace, url, kind, model), lines: new Map() };
  reading.sessions.set(key, entry);
  if (range === undefined || pseudoPaths.has(path)) return;
  reading.ranges += 1;
  if (reading.ranges > maxRanges) {
    reading.problems.add('too-many-ranges');
    return;
  }
  const ofFile = entry.lines.get(path);
  if (ofFile === undefined) entry.lines.set(path, [range]);
  else ofFile.push(range);
}

function describe(
  trace: JsonObject,
  url: string,
  contributor: Contributor,
  model: string | undefined,
): Omit<ParsedSession, 'claims'> {
  const metadata = asObject(trace.metadata);
  const tool = asText(asObject(trace.tool)?.name);
  const sessionId = asText(metadata?.session_id) ?? asText(metadata?.conversation_id);
  return {
    key: url,
    contributor,
    resolved: true,
    ...(tool === undefined ? {} : { tool }),
    ...(model === undefined ? {} : { model }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function rangeOf(range: JsonObject, problems: Set<string>): LineRange | undefined {
  const start = range.start_line;
  const end = range.end_line ?? start;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    problems.add('bad-range');
    return undefined;
  }
  const lines: LineRange = [start as number, end as number];
  if (lines[0] < 1 || lines[1] < lines[0]) {
    problems.add('bad-range');
    return undefined;
  }
  if (lines[1] > maxLine) problems.add('huge-range');
  return lines[0] > maxLine ? undefined : [lines[0], Math.min(lines[1], maxLine)];
}

function toSession({
  session,
  lines,
}: {
  readonly session: Omit<ParsedSession, 'claims'>;
  readonly lines: ReadonlyMap<string, LineRange[]>;
}): ParsedSession {
  return {
    ...session,
    claims: [...lines].map(([path, ranges]) => ({ path, ranges: normaliseRanges(ranges) })),
  };
}
