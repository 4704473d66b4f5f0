import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ResponseOf } from '../../../src/contract/api.ts';
import { apiQuery, invalidate } from './queries.ts';

type Jobs = ResponseOf<'listJobs'>;

const busyMs = 1_000;
const idleMs = 15_000;

/** Long work: asked each second while some runs, and whatever it changed is asked again when it ends. */
export function useJobs() {
  const client = useQueryClient();
  const jobs = useQuery({
    ...apiQuery('listJobs', {}),
    refetchInterval: ({ state }) => (activeIn(state.data) > 0 ? busyMs : idleMs),
  });
  const active = activeIn(jobs.data);
  const before = useRef(active);
  useEffect(() => {
    if (active < before.current) {
      void invalidate(client, [
        'getOverview',
        'listChanges',
        'getFacets',
        'getTimeline',
        'getDistribution',
        'listRepositories',
        'listLogs',
        'listCheckpoints',
        'listVerifications',
      ]);
    }
    before.current = active;
  }, [active, client]);
  return jobs;
}

/** Repositories with their jobs; asked each second while one is worked on. */
export function useRepositories() {
  return useQuery({
    ...apiQuery('listRepositories', {}),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ job }) => job !== null && isUnderWay(job.state)) ? busyMs : idleMs,
  });
}

function activeIn(jobs: Jobs | undefined): number {
  return jobs?.items.filter(({ state }) => isUnderWay(state)).length ?? 0;
}

function isUnderWay(state: string): boolean {
  return state === 'running' || state === 'waiting';
}
