import type { Handlers } from '../handler.ts';
import { changeHandlers } from './changes.ts';
import { evidenceHandlers } from './evidence.ts';
import { logHandlers } from './logs.ts';
import { meHandlers } from './me.ts';
import { memberHandlers } from './members.ts';
import { overviewHandlers } from './overview.ts';
import { reportHandlers } from './reports.ts';
import { repositoryHandlers } from './repositories.ts';

/** What does the work of each endpoint; one that is missing does not compile. */
export const handlers: Handlers = {
  ...meHandlers,
  ...overviewHandlers,
  ...changeHandlers,
  ...evidenceHandlers,
  ...logHandlers,
  ...reportHandlers,
  ...repositoryHandlers,
  ...memberHandlers,
};
