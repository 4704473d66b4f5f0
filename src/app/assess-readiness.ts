import type { Overview } from '../contract/overview.ts';
import { count, plural, utcMinute } from '../core/sentence-parts.ts';
import type { OverviewFacts } from './overview-facts.ts';

type Check = Overview['readiness']['checks'][number];

/**
 * The four questions that auditors put to changes made by agents, answered from what the logs hold now. Where something is not
 * known the answer is `indeterminate`, never `satisfied`.
 */
export function assessReadiness(facts: OverviewFacts): Overview['readiness'] {
  const checks = [attributability(facts), leastPrivilege(), continuousLogging(facts), parity(facts)];
  return { summary: summary(facts, checks), checks };
}

function attributability({ changes }: OverviewFacts): Check {
  const check = {
    id: 'attributability',
    question: 'Can every change be traced to the agent, model and person that made it?',
  };
  const { total, byClass, withContradictions } = changes;
  if (total === 0) {
    return indeterminate(
      check,
      'No repository has been imported, so there is nothing to trace.',
      '/repositories',
    );
  }
  if (byClass.unknown > 0) {
    const because = `${some(byClass.unknown, total)} no signal of who or what made them.`;
    return indeterminate(check, because, '/changes?class=unknown');
  }
  if (withContradictions > 0) {
    const because = `${some(withContradictions, total)} signals that cannot all be right.`;
    return indeterminate(check, because, '/changes?contradictions=true');
  }
  const declared = changes.byLevel.reduce(
    (sum, { level, changes: n }) => sum + ((level ?? 0) < 3 ? n : 0),
    0,
  );
  if (declared > 0) {
    const because = `${some(declared, total)} only what git says of itself, which anybody can write.`;
    return indeterminate(check, because, '/changes?level=0&level=1&level=2&level=none');
  }
  return {
    ...check,
    result: 'satisfied',
    because: 'Each has telemetry or an attestation.',
    href: '/changes',
  };
}

function leastPrivilege(): Check {
  return indeterminate(
    {
      id: 'least-privilege',
      question: 'Could each agent do only what it had been allowed to do?',
    },
    'No source tells yet what agents were allowed to do.',
    '/settings',
  );
}

function continuousLogging({ logs, changes }: OverviewFacts): Check {
  const check = {
    id: 'continuous-logging',
    question: 'Is there a record of all this that nobody could alter unseen?',
  };
  const last = logs.lastVerification;
  if (last?.state === 'failed') {
    return {
      ...check,
      result: 'violated',
      because: `The verification of ${utcMinute(last.finishedAt ?? last.startedAt)} found something wrong.`,
      href: '/log',
    };
  }
  if (last?.state !== 'passed') {
    return indeterminate(check, 'Nobody has verified the logs of this installation yet.', '/log');
  }
  if (changes.total === 0) {
    return indeterminate(check, 'The logs are intact, but hold no change yet.', '/repositories');
  }
  return indeterminate(
    check,
    `The logs were intact at ${utcMinute(last.finishedAt ?? last.startedAt)}; what they hold was read from git afterwards, not captured as it happened.`,
    '/log',
  );
}

function parity({ pullRequests }: OverviewFacts): Check {
  const check = {
    id: 'parity',
    question: 'Did agent-made changes pass the same review and checks as all others?',
  };
  if (pullRequests.total > 0) {
    const because = `Reviews and checks of ${plural(pullRequests.total, 'pull request')} are known, but those of agents were not compared with those of people yet.`;
    return indeterminate(check, because, '/changes/pull-requests');
  }
  return indeterminate(
    check,
    'Git carries neither reviews nor check results: no code host is connected.',
    '/settings',
  );
}

function indeterminate(check: Pick<Check, 'id' | 'question'>, because: string, href: string): Check {
  return { ...check, result: 'indeterminate', because, href };
}

function summary({ changes }: OverviewFacts, checks: readonly Check[]): string {
  if (changes.total === 0) return 'Not ready: nothing has been imported.';
  const violated = checks.filter(({ result }) => result === 'violated').length;
  if (violated > 0) return `Not ready: ${violated} of ${checks.length} questions have a wrong answer.`;
  const open = checks.filter(({ result }) => result === 'indeterminate').length;
  if (open > 0) return `Not ready: ${open} of ${checks.length} questions cannot be answered from the record.`;
  return 'Ready: all four questions are answered from the record.';
}

function some(part: number, total: number): string {
  return `${count(part)} of ${plural(total, 'change')} ${part === 1 ? 'has' : 'have'}`;
}
