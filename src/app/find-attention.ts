import type { Overview } from '../contract/overview.ts';
import type { OverviewFacts } from './overview-facts.ts';

type Item = Overview['attention'][number];

const severities = ['critical', 'high', 'medium', 'low'] as const;

/** What wants a person, worst first; each with the page that shows the rows behind its number. */
export function findAttention(facts: OverviewFacts): Item[] {
  const items = [...ofLogs(facts), ...ofRepositories(facts), ...ofPullRequests(facts), ...ofChanges(facts)];
  return items.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function ofLogs({ logs: { logs, lastVerification: last }, changes }: OverviewFacts): Item[] {
  const items: Item[] = [];
  if (last?.state === 'failed') {
    items.push({
      code: 'verification-failed',
      severity: 'critical',
      title: 'The last verification found something wrong',
      detail:
        'Look at what it names before anything else is written; restore the part that is damaged from a backup.',
      count: last.findings.length,
      action: { label: 'See what it found', href: '/log' },
    });
  }
  if (last === null && changes.total > 0) {
    items.push({
      code: 'never-verified',
      severity: 'medium',
      title: 'The logs were never verified',
      detail: 'A verification walks every payload up to the signed checkpoint; it takes seconds to minutes.',
      count: null,
      action: { label: 'Verify now', href: '/log' },
    });
  }
  const behind = logs.reduce((sum, { size, checkpoint }) => sum + size - (checkpoint?.size ?? 0), 0);
  if (behind > unpublishedThatIsNormal) {
    items.push({
      code: 'unpublished',
      severity: 'high',
      title: 'Entries wait for a checkpoint',
      detail: 'They are durable, but no signed checkpoint covers them yet.',
      count: behind,
      action: { label: 'See the logs', href: '/log' },
    });
  }
  return items;
}

/** An import publishes after each batch of facts. */
const unpublishedThatIsNormal = 4_096;

function ofRepositories({ repositories }: OverviewFacts): Item[] {
  const troubled = repositories.filter(({ problem }) => problem !== null);
  if (troubled.length === 0) return [];
  return [
    {
      code: 'repository-unreadable',
      severity: 'high',
      title: 'Repositories that could not be read',
      detail: troubled
        .slice(0, 3)
        .map(({ name, problem }) => `${name}: ${problem?.detail}`)
        .join(' '),
      count: troubled.length,
      action: { label: 'See the repositories', href: '/repositories' },
    },
  ];
}

function ofPullRequests({ pullRequests: { mergedViolated, mergedUndecided } }: OverviewFacts): Item[] {
  const candidates: readonly Item[] = [
    {
      code: 'merged-violated',
      severity: 'critical',
      title: 'Merged although the policy was violated',
      detail:
        'Somebody passed by what the policy asks; each record says what was missing, and who merged it.',
      count: mergedViolated,
      action: {
        label: 'See these pull requests',
        href: '/changes/pull-requests?state=merged&verdict=violated',
      },
    },
    {
      code: 'merged-undecided',
      severity: 'high',
      title: 'Merged while nobody could tell whether the policy holds',
      detail: 'Something that the policy asks for was not known at the merge; each record says what.',
      count: mergedUndecided,
      action: {
        label: 'See these pull requests',
        href: '/changes/pull-requests?state=merged&verdict=indeterminate&verdict=pending',
      },
    },
  ];
  return candidates.filter(({ count }) => count !== 0);
}

function ofChanges({ changes }: OverviewFacts): Item[] {
  const candidates: readonly Item[] = [
    {
      code: 'contradictions',
      severity: 'high',
      title: 'Changes whose signals contradict each other',
      detail: 'Both signals are kept and the level is lowered; a person should say which one is right.',
      count: changes.withContradictions,
      action: { label: 'See these changes', href: '/changes?contradictions=true' },
    },
    {
      code: 'critical-changes',
      severity: 'high',
      title: 'Changes in the critical band',
      detail: 'The riskiest ones by rank; begin with those that an agent made.',
      count: changes.byBand.critical,
      action: { label: 'See these changes', href: '/changes?band=critical&sort=risk' },
    },
    {
      code: 'unknown-origin',
      severity: 'medium',
      title: 'Changes of unknown origin',
      detail:
        'No signal tells who or what made them. That is no proof of human work: most agents leave no trace in git.',
      count: changes.byClass.unknown,
      action: { label: 'See these changes', href: '/changes?class=unknown' },
    },
    {
      code: 'gaps',
      severity: 'low',
      title: 'Changes with gaps',
      detail: 'Something could not be read from git; each change says what.',
      count: changes.withGaps,
      action: { label: 'See these changes', href: '/changes?gaps=true' },
    },
  ];
  return candidates.filter(({ count }) => count !== 0);
}
