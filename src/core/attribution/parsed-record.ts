import type { AttributionRecord, Coverage, LineRange, RecordedSession } from './attribution-record.ts';
import { countLines } from './line-ranges.ts';

/** Lines of one file that a record claims for a session, before the diff was asked. */
export interface FileClaim {
  readonly path: string;
  /** Normalised: sorted, disjoint, not touching. */
  readonly ranges: readonly LineRange[];
}

/** A session of a record as its parser gives it: what it claims, not yet what landed. */
export interface ParsedSession extends Omit<RecordedSession, 'claimedLines' | 'coverage'> {
  readonly claims: readonly FileClaim[];
}

/** What a record says by itself. Parsers never throw: what they cannot read is named in `problems`. */
export interface ParsedRecord {
  readonly schemaVersion?: string;
  readonly hasLines: boolean;
  readonly sessions: readonly ParsedSession[];
  readonly problems: readonly string[];
}

/** Where a record was read. */
export type RecordOrigin = Pick<AttributionRecord, 'source' | 'locator' | 'commit' | 'blob' | 'sizeBytes'>;

/**
 * The record as the observed change keeps it: per session the lines that it claims and, of those, the lines that really
 * landed. `landedLines` answers for one file which of the given lines the change adds; undefined where it adds none.
 */
export function toAttributionRecord(
  parsed: ParsedRecord,
  origin: RecordOrigin,
  landedLines: (path: string, ranges: readonly LineRange[]) => Coverage | undefined,
): AttributionRecord {
  return {
    source: origin.source,
    locator: origin.locator,
    commit: origin.commit,
    blob: origin.blob,
    sizeBytes: origin.sizeBytes,
    ...(parsed.schemaVersion === undefined ? {} : { schemaVersion: parsed.schemaVersion }),
    hasLines: parsed.hasLines,
    sessions: parsed.sessions.map(({ claims, ...session }) => ({
      ...session,
      claimedLines: claims.reduce((sum, { ranges }) => sum + countLines(ranges), 0),
      coverage: claims.flatMap(({ path, ranges }) => landedLines(path, ranges) ?? []),
    })),
    problems: parsed.problems,
  };
}
