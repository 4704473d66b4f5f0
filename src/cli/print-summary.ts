import type { RepositorySummary } from '../app/summarise-repository.ts';
import { count, plural } from '../core/sentence-parts.ts';
import { bandStyles } from './print-change.ts';
import { columns, cut, printable, shellQuoted, style, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

const classes = [
  ['ai', 'AI', 'every added line or commit carries an agent signal'],
  ['mixed', 'mixed', 'an agent took part'],
  ['human', 'human', 'a record says so for every line'],
  ['unknown', 'unknown', 'no clear signal: nobody can tell from git'],
] as const;
const bands = ['critical', 'high', 'medium', 'low'] as const;
const listed = 8;

/** What an import found, in words for somebody who sees Reentry for the first time. */
export function summaryText(
  summary: RepositorySummary,
  dataFolder: string,
  { terminal, command }: Pick<World, 'terminal' | 'command'>,
): string {
  const { repository, counts } = summary;
  const head = style(
    terminal,
    'bold',
    `${printable(repository.name)}: ${plural(counts.changes, 'change')} on ${printable(repository.targetBranch)}`,
  );
  const span =
    counts.oldest && counts.newest ? `, ${counts.oldest.slice(0, 10)} to ${counts.newest.slice(0, 10)}` : '';
  return [
    `\n${head}${span}\n`,
    section(
      terminal,
      'Who made them',
      columns(classes.map(([key, word, why]) => row(word, counts.byClass[key] ?? 0, counts.changes, why))),
    ),
    section(
      terminal,
      'Risk, ranked against a reference population',
      columns(bands.map((band) => row(band, counts.byBand[band] ?? 0, counts.changes, ''))),
    ),
    section(terminal, 'Agents and models seen', agents(summary, terminal)),
    section(terminal, riskiestTitle(summary), riskiest(summary, terminal)),
    remarks(summary),
    section(terminal, 'Evidence', evidence(summary, dataFolder, command)),
  ].join('');
}

function section(terminal: Terminal, title: string, body: string): string {
  return `\n${style(terminal, 'bold', title)}\n${body}`;
}

function row(word: string, value: number, total: number, why: string): string[] {
  const share = total === 0 ? '' : `${((value / total) * 100).toFixed(1).padStart(5)} %`;
  return [word, count(value).padStart(9), share, why];
}

function agents({ counts }: RepositorySummary, terminal: Terminal): string {
  if (counts.agents.length === 0) {
    return '  None. That is no proof of human work: most agents leave no trace in git unless they are told to.\n';
  }
  const shown = counts.agents.slice(0, listed).map(({ agent, changes }) => ({
    agent,
    name: agent === 'unknown' ? 'no agent named' : printable(agent),
    changes: count(changes).padStart(9),
  }));
  const nameWidth = Math.max(...shown.map(({ name }) => name.length));
  const room = Math.max(40, terminal.columns - nameWidth - 15);
  const lines = shown.map(({ agent, name, changes }) => [
    name,
    changes,
    cut(modelsOf(counts, agent) || 'no model named', room),
  ]);
  const more = counts.agents.length - listed;
  const rest = more > 0 ? `  and ${plural(more, 'more agent')}\n` : '';
  const sessions = counts.sessions > 0 ? `  ${plural(counts.sessions, 'session')} named\n` : '';
  return `${columns(lines)}${rest}${sessions}`;
}

/** Those that were named most, with the number of changes of each. */
function modelsOf({ models }: RepositorySummary['counts'], agent: string): string {
  return models
    .filter((model) => model.agent === agent)
    .slice(0, 4)
    .map(({ model, changes }) => `${cut(printable(model), 40)} (${count(changes)})`)
    .join(', ');
}

function riskiestTitle({ riskiest: shown }: RepositorySummary): string {
  return `${shown.length === 5 ? 'The five riskiest' : 'The riskiest'}, and what raises their score most`;
}

/** Said once in the title. */
const raises = /, which raises the score\.$/;

function riskiest({ riskiest: shown }: RepositorySummary, terminal: Terminal): string {
  const names = shown.map(({ row: { number, mergeSha } }) =>
    number === null ? mergeSha.slice(0, 10) : `#${number}`,
  );
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  return shown
    .map(({ row: change, statement }, index) => {
      const { score, band, factors } = statement.predicate.risk;
      const rank = style(terminal, bandStyles[band], `${String(score).padStart(3)} ${band.padEnd(8)}`);
      const name = style(terminal, 'cyan', (names[index] ?? '').padEnd(nameWidth));
      const title = cut(printable(change.title), Math.max(30, terminal.columns - 18 - nameWidth));
      const reasons = factors
        .filter((factor) => factor.contribution > 0)
        .slice(0, 3)
        .map(({ because }) => printable(because.replace(raises, '.')));
      if (reasons.length === 0) reasons.push('Nothing in it raises the score.');
      const lines = reasons.map((because) => `        ${style(terminal, 'dim', `· ${because}`)}\n`);
      return `  ${rank} ${name} ${title}\n${lines.join('')}`;
    })
    .join('');
}

function remarks({ counts }: RepositorySummary): string {
  const lines = [
    ...(counts.withContradictions > 0
      ? [
          `${plural(counts.withContradictions, 'change')} with signals that contradict each other: both are kept, the level is lowered.`,
        ]
      : []),
    ...(counts.withGaps > 0
      ? [`${plural(counts.withGaps, 'change')} with something that git could not give; each says what.`]
      : []),
    'Reviews and check results are not in git: they are recorded as indeterminate, never as passed.',
  ];
  return `\n${lines.map((line) => `${line}\n`).join('')}`;
}

function evidence({ checkpoints }: RepositorySummary, dataFolder: string, command: string): string {
  const facts = checkpoints.events?.size ?? 0;
  const records = checkpoints.evidence?.size ?? 0;
  const root = checkpoints.evidence ? Buffer.from(checkpoints.evidence.root).toString('base64') : '';
  return columns([
    ['sealed', `${plural(facts, 'fact')} and ${plural(records, 'signed evidence record')}`],
    ['where', printable(dataFolder)],
    ['root', `${root} (evidence log)`],
    ['', 'note it down elsewhere, and nobody can rewrite the past unseen'],
    ['verify', `${command} verify ${shellQuoted(dataFolder)}`],
    ['', 'once this has stopped; while it serves, its page Log verifies'],
  ]);
}
