import { asCount, asObject, asText, type JsonObject, parseObject } from './lenient-json.ts';
import type { ParsedRecord, ParsedSession } from './parsed-record.ts';

/** What Entire writes where it could not tell the agent. */
const genericAgents: ReadonlySet<string> = new Set(['', 'agent', 'unknown']);

/**
 * Reads `<number>/metadata.json`, one session of an Entire checkpoint (attribution-signals section 3). The checkpoint's
 * own metadata.json only lists its sessions and gives none. No lines, no person; the counts it reports are kept, and
 * are its own estimate. Never throws.
 * Problems: `unparseable-metadata`, `missing-session-id`, `unnamed-agent`.
 */
export function parseEntireSession(metadata: string, number = '0'): ParsedRecord {
  const session = parseObject(metadata);
  if (session === undefined) return { hasLines: false, sessions: [], problems: ['unparseable-metadata'] };
  const version = asText(session.cli_version, 100);
  const isSummary = Array.isArray(session.sessions) && session.session_id === undefined;
  const sessions = isSummary ? [] : [readSession(session, number)];
  return {
    ...(version === undefined ? {} : { schemaVersion: `entire/${version}` }),
    hasLines: false,
    sessions,
    problems: sessions.flatMap(problemsOf).toSorted(),
  };
}

function readSession(session: JsonObject, number: string): ParsedSession {
  const tool = asText(session.agent);
  const model = asText(session.model);
  const sessionId = asText(session.session_id);
  const attribution = asObject(session.initial_attribution);
  const agentLines = asCount(attribution?.agent_lines);
  const totalLines = asCount(attribution?.total_committed);
  return {
    key: `${asText(session.checkpoint_id, 40) ?? 'checkpoint'}/${number}`,
    contributor: 'ai',
    resolved: true,
    ...(tool === undefined || tool === '' ? {} : { tool }),
    ...(model === undefined || model === '' ? {} : { model }),
    ...(sessionId === undefined || sessionId === '' ? {} : { sessionId }),
    ...(agentLines === undefined || totalLines === undefined
      ? {}
      : { reportedLines: { agent: agentLines, total: totalLines } }),
    claims: [],
  };
}

function problemsOf({ tool, sessionId }: ParsedSession): readonly string[] {
  return [
    ...(sessionId === undefined ? ['missing-session-id'] : []),
    ...(genericAgents.has(tool?.toLowerCase() ?? '') ? ['unnamed-agent'] : []),
  ];
}
