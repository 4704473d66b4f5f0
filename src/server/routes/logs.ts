import { describeLogs } from '../../app/describe-logs.ts';
import { encodeBase64 } from '../../core/tlog/bytes.ts';
import type { Handlers } from '../handler.ts';
import { requesterOf } from '../requester.ts';

/** Verifications that a page shows; older ones stay in the database. */
const shownVerifications = 50;

export const logHandlers: Handlers<
  'listLogs' | 'listCheckpoints' | 'startVerification' | 'listVerifications'
> = {
  listLogs: { run: async (parts) => describeLogs(parts) },
  listCheckpoints: {
    run: async ({ entries }, { query: { log, before, limit } }) => {
      const found = await entries.checkpointsBefore(log, before, limit);
      const items = found.map(({ size, previousSize, root, note }) => ({
        size,
        previousSize,
        root: encodeBase64(root),
        note,
      }));
      return { items, next: items.length < limit ? null : (items.at(-1)?.size ?? null) };
    },
  },
  startVerification: {
    recorded: () => ({ target: null, detail: {} }),
    run: async ({ work }, { caller }) => work.startVerification(requesterOf(caller)),
  },
  listVerifications: { run: async ({ work }) => ({ items: await work.verifications(shownVerifications) }) },
};
