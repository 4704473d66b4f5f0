import { type AgentTrace, parseAgentTraceLine } from '../../core/attribution/agent-trace.ts';
import type { CommitGraph } from './commit-graph.ts';
import type { DiffEntry, DiffSink } from './diff-parser.ts';
import { DiffReader, withContent } from './diff-reader.ts';
import type { GitContext } from './git-child.ts';
import { ownDiff } from './landing-line.ts';
import { OwnDiffReader } from './own-diff-reader.ts';

export const tracePath = '.agent-trace/traces.jsonl';
const lineLimitBytes = 1024 * 1024;
const totalLimitBytes = 64 * 1024 * 1024;
const requestsAhead = 256;

/** One line of the trace file, tied to the commit that it speaks of. */
export interface FoundTrace {
  readonly trace: AgentTrace;
  readonly commit: string;
  /** `<commit that added the line>:.agent-trace/traces.jsonl#<line>`. */
  readonly locator: string;
  readonly blob: string;
  readonly sizeBytes: number;
}

export interface FoundTraces {
  /** By the commit that they speak of. */
  readonly byCommit: ReadonlyMap<string, readonly FoundTrace[]>;
  /** Lines of the line's changes that were too long or too many, by the commit that added them. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export const noTraces: FoundTraces = { byCommit: new Map(), leftOut: new Map() };

/**
 * Reads every line that a landing commit added to the trace file; nothing but that file is compared. A trace
 * names the commit that was checked out when it was captured, so it speaks of that commit's child: the only one, else the
 * one that landed together with the trace, else the commit that added the trace itself.
 */
export async function readTraces(context: GitContext, graph: CommitGraph): Promise<FoundTraces> {
  const reader = new OwnDiffReader(
    new DiffReader(context, { show: withContent, paths: [tracePath], textLimit: lineLimitBytes }),
  );
  const byCommit = new Map<string, FoundTrace[]>();
  const leftOut = new Map<string, number>();
  let roomBytes = totalLimitBytes;
  const take = (addedBy: string, line: AddedLine) => {
    const text = Buffer.from(line.text, 'latin1');
    const trace = text.length < lineLimitBytes && text.length <= roomBytes ? parse(text) : 'too large';
    if (trace === 'too large') leftOut.set(addedBy, (leftOut.get(addedBy) ?? 0) + 1);
    if (trace === undefined || trace === 'too large') return;
    roomBytes -= text.length;
    const commit = commitOf(trace, addedBy, graph);
    const found = {
      trace,
      commit,
      locator: `${addedBy}:${tracePath}#${line.number}`,
      blob: line.blob,
      sizeBytes: text.length,
    };
    const known = byCommit.get(commit);
    if (known === undefined) byCommit.set(commit, [found]);
    else known.push(found);
  };
  try {
    for await (const { request, lines } of readAdded(reader, graph))
      for (const line of lines) take(request.newId, line);
  } finally {
    await reader.close();
  }
  return { byCommit, leftOut };
}

interface AddedLine {
  readonly text: string;
  readonly number: number;
  readonly blob: string;
}

async function* readAdded(reader: OwnDiffReader, { line }: CommitGraph) {
  const requests = line.map(ownDiff);
  for (const request of requests.slice(0, requestsAhead)) reader.request(request);
  for (const [index, request] of requests.entries()) {
    const next = requests[index + requestsAhead];
    if (next !== undefined) reader.request(next);
    let lines: AddedLine[] = [];
    await reader.read(() => {
      lines = [];
      return addedLineSink(lines);
    });
    if (lines.length > 0) yield { request, lines };
  }
}

function addedLineSink(lines: AddedLine[]): DiffSink {
  let blob = '';
  let number = 0;
  return {
    file: (entry: DiffEntry) => {
      blob = entry.newId;
      return true;
    },
    hunk: (_oldStart, _oldLines, newStart) => {
      number = newStart;
    },
    removed: () => undefined,
    added: (text) => {
      lines.push({ text, number, blob });
      number += 1;
    },
  };
}

function parse(text: Buffer): AgentTrace | undefined {
  return parseAgentTraceLine(text.toString('utf8'));
}

function commitOf(trace: AgentTrace, addedBy: string, graph: CommitGraph): string {
  if (trace.revision === undefined || !graph.has(trace.revision)) return addedBy;
  const children = graph.childrenOf(trace.revision);
  const [only] = children;
  if (only !== undefined && children.length === 1) return only;
  const position = graph.landedWith(addedBy);
  return children.find((child) => graph.landedWith(child) === position) ?? addedBy;
}
