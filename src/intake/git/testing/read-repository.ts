import type { ReadChangesOptions, RepositoryState } from '../../../app/ports.ts';
import type { ObservedChange } from '../../../core/change/observed-change.ts';
import type { ChangeReplay } from '../../../core/risk/change-replay.ts';
import { openRepository } from '../open-repository.ts';

export interface WholeRepository {
  readonly state: RepositoryState;
  readonly changes: readonly ObservedChange[];
}

/** Opens, reads everything and closes again. */
export async function readRepository(
  path: string,
  options: ReadChangesOptions & { readonly replay?: ChangeReplay } = {},
): Promise<WholeRepository> {
  const reader = await openRepository(path, {
    replay: options.replay,
    mentionsAgent: ({ message }) => message.includes('Agent:'),
  });
  try {
    const changes: ObservedChange[] = [];
    for await (const change of reader.changes(options)) changes.push(change);
    return { state: await reader.describe(), changes };
  } finally {
    await reader.close();
  }
}

/** A replay that writes down what it is told. */
export function recordingReplay(): ChangeReplay & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  return {
    calls,
    begin: (unit) => void calls.push(`begin ${unit.sha}`),
    file: (file) => {
      calls.push(`file ${file.path}${file.unreadable ? ' unreadable' : ''}${file.binary ? ' binary' : ''}`);
      return true;
    },
    hunk: (...numbers) => void calls.push(`hunk ${numbers.join(' ')}`),
    removed: (text) => void calls.push(`-${text}`),
    added: (text) => void calls.push(`+${text}`),
    finish: () => {
      calls.push('finish');
      return { features: { nf: 1 } };
    },
    abandon: () => void calls.push('abandon'),
  };
}
