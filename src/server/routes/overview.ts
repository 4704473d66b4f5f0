import { buildOverview } from '../../app/build-overview.ts';
import type { Handlers } from '../handler.ts';

export const overviewHandlers: Handlers<'getOverview' | 'getSettings'> = {
  getOverview: { run: async (parts) => buildOverview(parts) },
  getSettings: { run: async (parts) => parts.settings() },
};
