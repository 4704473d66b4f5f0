import type { Scorecard } from '../core/risk/scorecard.ts';
import { type AssessedChange, assessChange } from './assess-change.ts';
import type { ReadChangesOptions, RepositoryReader } from './ports.ts';

/** Every change of the repository attributed and scored, oldest first; nothing is written anywhere. */
export async function* scanRepository(
  reader: RepositoryReader,
  model: Scorecard,
  options: ReadChangesOptions,
): AsyncIterable<AssessedChange> {
  for await (const change of reader.changes(options)) yield assessChange(change, model);
}
