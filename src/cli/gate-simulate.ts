import { resolve } from 'node:path';
import { type SimulatedChange, simulatePolicy } from '../app/simulate-policy.ts';
import { AppError } from '../core/errors.ts';
import type { Policy } from '../core/gate/policy.ts';
import { type OutcomeCounts, VerdictCounter, type VerdictCounts } from '../core/gate/verdict-counts.ts';
import { count, plural } from '../core/sentence-parts.ts';
import { startProgress } from './progress.ts';
import { mistakeText, readPolicyFile } from './read-policy-file.ts';
import { columns, printable, style, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface SimulateOptions {
  readonly policy: string;
  readonly dataFolder: string;
  readonly repo?: string;
  readonly since?: Date;
  readonly json?: true;
}

/** Tells what a policy would have said of the changes that are sealed here. */
export async function simulateGate(world: World, options: SimulateOptions): Promise<number> {
  const { terminal } = world;
  const policy = await readPolicy(world, options.policy);
  const evidence = await world.openEvidence(options.dataFolder);
  const progress = startProgress(terminal, 'Judging', world.steadyMs);
  try {
    if (evidence.database === undefined) throw new AppError('DATA_FOLDER_MISSING', { path: evidence.path });
    const counter = new VerdictCounter(policy.rules.map(({ id }) => id));
    const changes = simulatePolicy(evidence.database, policy, {
      ...(options.repo === undefined ? {} : { repoId: options.repo }),
      ...(options.since === undefined ? {} : { since: options.since }),
      signal: world.signal,
      onProgress: (done, total) => progress.update(done, total),
    });
    for await (const change of changes) {
      counter.add(change.verdict, change);
      if (!options.json) continue;
      progress.end();
      await terminal.out(`${JSON.stringify(changeLine(change))}\n`);
      if (terminal.outClosed()) break;
    }
    progress.end();
    const { counts } = counter;
    await terminal.out(
      options.json
        ? `${JSON.stringify({ summary: { policyDigest: policy.digest, ...counts } })}\n`
        : simulationText(counts, policy, options.policy, terminal),
    );
    return 0;
  } finally {
    progress.end();
    await evidence.close();
  }
}

async function readPolicy({ config, terminal }: World, file: string): Promise<Policy> {
  const parsed = await readPolicyFile(resolve(config.workingFolder, file));
  if (parsed.ok) return parsed.policy;
  const { mistakes, omitted } = parsed;
  for (const mistake of mistakes) terminal.err(mistakeText(file, mistake, { colour: terminal.errColour }));
  throw new AppError('POLICY_INVALID', {
    path: file,
    detail: `${plural(mistakes.length + omitted, 'mistake')}.`,
  });
}

function changeLine({ verdict, class: actorClass, band, score, ...change }: SimulatedChange): object {
  return { change: { ...change, class: actorClass, band, score }, verdict };
}

function simulationText(counts: VerdictCounts, policy: Policy, file: string, terminal: Terminal): string {
  const { changes, outcomes, unmatched, groups, requirements } = counts;
  const head = `${plural(changes, 'change')} judged under ${printable(file)} (digest ${policy.digest.slice(0, 12)}), as of the merge of each.\n`;
  if (changes === 0) return head;
  const wanted = requirements.map(({ rule, requirement, subject, ...result }) => [
    printable(rule),
    printable(subject === null ? requirement : `${requirement}: ${subject}`),
    count(result.changes),
    ...outcomeCells(result),
  ]);
  return [
    head,
    `  ${style(terminal, 'red', `${count(outcomes.violated)} would have been blocked`)}, ${style(terminal, 'yellow', `of ${count(outcomes.indeterminate)} nobody can tell`)}, ${style(terminal, 'green', `${count(outcomes.satisfied)} would have passed`)}\n`,
    unmatched > 0 ? `  ${count(unmatched)} of those passed because no rule fits them\n` : '',
    '\nBy class and band\n',
    columns([
      ['class', 'band', 'changes', ...outcomeHeads],
      ...groups.map((group) => [group.class, group.band, count(group.changes), ...outcomeCells(group)]),
    ]),
    wanted.length === 0 ? '' : '\nBy what the rules ask\n',
    wanted.length === 0 ? '' : columns([['rule', 'requirement', 'changes', ...outcomeHeads], ...wanted]),
    `\n${unknownNote}\n`,
    policy.rules.some(({ when }) => when?.labels !== undefined) ? `${labelsNote}\n` : '',
  ].join('');
}

const outcomeHeads = ['satisfied', 'violated', 'indeterminate'] as const;

function outcomeCells(counts: OutcomeCounts): readonly string[] {
  return outcomeHeads.map((outcome) => count(counts[outcome]));
}

const unknownNote = `A git history holds no reviews, check results, labels and tickets: what rests on them is indeterminate, and a gate does not
pass what it cannot tell.`;

const labelsNote = 'Rules that speak of labels were applied whatever the labels were.';
