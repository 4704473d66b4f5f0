import type { Handlers } from '../handler.ts';
import { requesterOf } from '../requester.ts';

export const repositoryHandlers: Handlers<
  'listRepositories' | 'addRepository' | 'updateRepository' | 'startImport' | 'listJobs'
> = {
  listRepositories: { run: async ({ work }) => ({ items: await work.repositories() }) },
  addRepository: {
    recorded: ({ body }) => ({ target: body.path, detail: {} }),
    run: async ({ work }, { caller, body }) => work.addRepository(body.path, requesterOf(caller)),
  },
  updateRepository: {
    recorded: ({ query, body }) => ({ target: query.repo, detail: { following: body.following } }),
    run: async ({ work }, { query, body }) => {
      await work.setFollowing(query.repo, body.following);
      return { ok: true };
    },
  },
  startImport: {
    recorded: ({ query }) => ({ target: query.repo, detail: {} }),
    run: async ({ work }, { caller, query }) => work.startImport(query.repo, requesterOf(caller)),
  },
  listJobs: { run: async ({ work }) => ({ items: await work.jobs() }) },
};
