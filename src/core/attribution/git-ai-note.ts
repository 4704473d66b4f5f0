import type { LineRange } from './attribution-record.ts';
import { asObject, asText, entriesOf, type JsonObject, parseObject, tidy } from './lenient-json.ts';
import { normaliseRanges } from './line-ranges.ts';
import { maxLine, parseRanges } from './note-ranges.ts';
import type { FileClaim, ParsedRecord, ParsedSession } from './parsed-record.ts';
import { unquotePath } from './quoted-path.ts';

const maxSessions = 2_000;
const maxEntries = 100_000;
const maxRanges = 200_000;

/** Test doubles of git-ai itself; what they name is nobody's work. */
const placeholderTools: ReadonlySet<string> = new Set(['mock_ai', 'test-agent']);

interface Attested {
  /** Session key → path → ranges as written. */
  readonly claims: Map<string, Map<string, LineRange[]>>;
  readonly problems: Set<string>;
  ranges: number;
}

/**
 * Reads a Git AI authorship note: standard v3.0.0 (`sessions`, `humans`), the older `prompts` form and every defect
 * found in the wild (attribution-signals section 1). Never throws. Prompt text (`messages`) is not copied.
 *
 * A key that the metadata does not define is kept as an unresolved session: made by an agent nobody named, unless its
 * form says human (`h_…`, `human`), then by nobody known.
 * Problems: `missing-separator`, `unparseable-metadata`, `unknown-schema`, `malformed-session`, `dangling-key`,
 * `placeholder-tool`, `bad-range`, `huge-range`, `entry-without-path`, `prompt-text-present`, `too-many-sessions`,
 * `too-many-ranges`.
 */
export function parseGitAiNote(text: string): ParsedRecord {
  const problems = new Set<string>();
  const [attestation, json] = split(text, problems);
  const attested = readAttestation(attestation, problems);
  const metadata = parseObject(json);
  if (metadata === undefined) problems.add('unparseable-metadata');
  const schemaVersion = asText(metadata?.schema_version, 100);
  if (metadata !== undefined && !schemaVersion?.startsWith('authorship/')) problems.add('unknown-schema');

  const sessions = readSessions(metadata ?? {}, attested);
  return {
    ...(schemaVersion === undefined ? {} : { schemaVersion }),
    hasLines: sessions.some(({ claims }) => claims.length > 0),
    sessions,
    problems: [...problems].toSorted(),
  };
}

/** The two sections around the first line that is exactly `---`. */
function split(text: string, problems: Set<string>): readonly [attestation: string, json: string] {
  const separator = /(?:^|\n)---\r?(?:\n|$)/.exec(text);
  if (separator !== null) {
    return [text.slice(0, separator.index), text.slice(separator.index + separator[0].length)];
  }
  problems.add('missing-separator');
  return text.trimStart().startsWith('{') ? ['', text] : [text, ''];
}

function readAttestation(text: string, problems: Set<string>): Attested {
  const attested: Attested = { claims: new Map(), problems, ranges: 0 };
  let path: string | undefined;
  let entries = 0;
  for (const line of text.split('\n', maxEntries + 1)) {
    entries += 1;
    if (entries > maxEntries) problems.add('too-many-ranges');
    else if (line.startsWith('  ')) addEntry(attested, path, line.trim());
    else if (line.trim() !== '') path = unquotePath(line.trimEnd());
  }
  return attested;
}

/** `s_…::t_… 1-4,9`: one session's lines in the file above. */
function addEntry(attested: Attested, path: string | undefined, entry: string): void {
  if (path === undefined) {
    attested.problems.add('entry-without-path');
    return;
  }
  const space = entry.indexOf(' ');
  const key = (space === -1 ? entry : entry.slice(0, space)).split('::', 1)[0] ?? '';
  const ranges = parseRanges(space === -1 ? '' : entry.slice(space + 1), attested.problems);
  attested.ranges += ranges.length;
  if (attested.ranges > maxRanges || (attested.claims.size >= maxSessions && !attested.claims.has(key))) {
    attested.problems.add(attested.ranges > maxRanges ? 'too-many-ranges' : 'too-many-sessions');
    return;
  }
  const ofSession = attested.claims.get(key) ?? new Map<string, LineRange[]>();
  attested.claims.set(key, ofSession);
  const ofFile = ofSession.get(path);
  if (ofFile === undefined) ofSession.set(path, [...ranges]);
  else for (const range of ranges) ofFile.push(range);
}

function readSessions(metadata: JsonObject, attested: Attested): readonly ParsedSession[] {
  const sessions: ParsedSession[] = [];
  const defined = new Set<string>();
  const readers = [
    [entriesOf(metadata.sessions), agentSession],
    [entriesOf(metadata.prompts), agentSession],
    [entriesOf(metadata.humans), humanSession],
  ] as const;
  for (const [records, read] of readers) {
    for (const [key, value] of records) {
      if (defined.has(key)) continue;
      if (sessions.length >= maxSessions) {
        attested.problems.add('too-many-sessions');
        break;
      }
      const record = asObject(value);
      if (record === undefined) {
        // A key with a broken record is left to dangle: what it attests is kept.
        attested.problems.add('malformed-session');
        continue;
      }
      defined.add(key);
      sessions.push(read(key, record, attested));
    }
  }
  for (const key of attested.claims.keys()) {
    if (!defined.has(key)) sessions.push(danglingSession(key, attested));
  }
  return sessions;
}

function agentSession(key: string, record: JsonObject, attested: Attested): ParsedSession {
  const agent = asObject(record.agent_id) ?? {};
  const tool = asText(agent.tool);
  const placeholder = placeholderTools.has(tool?.toLowerCase() ?? '');
  if (placeholder) attested.problems.add('placeholder-tool');
  if (Array.isArray(record.messages) && record.messages.length > 0)
    attested.problems.add('prompt-text-present');
  const fields = {
    tool,
    model: asText(agent.model),
    sessionId: asText(agent.id),
    human: asText(record.human_author),
  };
  return {
    key: tidy(key, 100),
    contributor: placeholder ? 'unknown' : 'ai',
    resolved: true,
    ...(fields.tool === undefined ? {} : { tool: fields.tool }),
    ...(fields.model === undefined ? {} : { model: fields.model }),
    ...(fields.sessionId === undefined ? {} : { sessionId: fields.sessionId }),
    ...(fields.human === undefined ? {} : { human: fields.human }),
    claims: fileClaims(key, attested),
  };
}

function humanSession(key: string, record: JsonObject, attested: Attested): ParsedSession {
  const human = asText(record.author);
  return {
    key: tidy(key, 100),
    contributor: 'human',
    resolved: true,
    ...(human === undefined ? {} : { human }),
    claims: fileClaims(key, attested),
  };
}

function danglingSession(key: string, attested: Attested): ParsedSession {
  attested.problems.add('dangling-key');
  const saysHuman = key.startsWith('h_') || key === 'human';
  return {
    key: tidy(key, 100),
    contributor: saysHuman ? 'unknown' : 'ai',
    resolved: false,
    claims: fileClaims(key, attested),
  };
}

function fileClaims(key: string, attested: Attested): readonly FileClaim[] {
  return [...(attested.claims.get(key) ?? [])].flatMap(([path, ranges]) => {
    const normal = normaliseRanges(ranges.map(([start, end]) => [start, Math.min(end, maxLine)]));
    return normal.length === 0 ? [] : [{ path, ranges: normal }];
  });
}
