import type { Attribution, Claim } from '../core/attribution/attribution.ts';
import type { ObservedChange } from '../core/change/observed-change.ts';
import type { RiskAssessment } from '../core/risk/risk-assessment.ts';
import { count, plural } from '../core/sentence-parts.ts';
import { cut, printable, type Style, style, type Terminal } from './terminal.ts';

const levelWords = [
  'heuristic',
  'declared',
  'structured record',
  'telemetry',
  'server-side',
  'attested',
] as const;
export const bandStyles = {
  low: 'green',
  medium: 'cyan',
  high: 'yellow',
  critical: 'red',
} as const satisfies Record<RiskAssessment['band'], Style>;

export function changeLineHead(terminal: Terminal): string {
  return style(
    terminal,
    'dim',
    `${'merged'.padEnd(10)} ${'risk'.padEnd(12)} ${'class'.padEnd(7)} ${'change'.padEnd(12)} title\n`,
  );
}

/** One change on one line. */
export function changeLine(
  change: ObservedChange,
  attribution: Attribution,
  risk: RiskAssessment,
  terminal: Terminal,
): string {
  const band = style(
    terminal,
    bandStyles[risk.band],
    `${String(risk.score).padStart(3)} ${risk.band.padEnd(8)}`,
  );
  const agents = attribution.claims.map((claim) => claim.agent);
  const by = agents.length === 0 ? '' : ` [${[...new Set(agents)].map(printable).join(', ')}]`;
  const title = cut(printable(change.title), Math.max(20, terminal.columns - 46 - by.length));
  return `${change.mergedAt.slice(0, 10)} ${band} ${attribution.class.padEnd(7)} ${shortName(change).padEnd(12)} ${title}${by}\n`;
}

/** One change with every reason: who, how risky and why, what could not be read. */
export function changeDetail(
  change: ObservedChange,
  attribution: Attribution,
  risk: RiskAssessment,
  terminal: Terminal,
): string {
  const { files, additions, deletions } = change.size;
  return [
    `${style(terminal, 'bold', printable(change.title))}\n`,
    `${numberText(change)}${change.headSha.slice(0, 12)}, ${plural(change.commits.length, 'commit')}, ${plural(files, 'file')}, +${count(additions)} -${count(deletions)}\n`,
    heading(terminal, 'Who made it'),
    whoLines(attribution),
    heading(terminal, 'How risky'),
    riskLines(risk, terminal),
    change.gaps.length > 0
      ? `${heading(terminal, 'What could not be read')}${change.gaps.map((gap) => `  ${gap.code}: ${printable(gap.detail)}\n`).join('')}`
      : '',
  ].join('');
}

function numberText({ number }: ObservedChange): string {
  return number === undefined ? '' : `#${number}, `;
}

function heading(terminal: Terminal, text: string): string {
  return `\n${style(terminal, 'bold', text)}\n`;
}

function whoLines(attribution: Attribution): string {
  const share =
    attribution.aiShare === null
      ? ''
      : `, ${Math.round(attribution.aiShare * 100)} % of its ${attribution.aiShareBasis} carry an agent signal`;
  const claims = attribution.claims.map(claimLines).join('');
  const none = attribution.claims.length === 0 ? '  No signal. That is no proof of human work.\n' : '';
  const contradictions = attribution.contradictions
    .map((one) => `  contradiction: ${printable(one.because)}\n`)
    .join('');
  return `  ${attribution.class}${share}\n${claims}${none}${contradictions}`;
}

function claimLines(claim: Claim): string {
  const parts = [
    claim.agent,
    ...(claim.model === null
      ? []
      : [`model ${claim.model}${claim.modelIsPlaceholder ? ' (names no model)' : ''}`]),
    ...(claim.sessionId === null ? [] : [`session ${claim.sessionId}`]),
    ...(claim.user === null ? [] : [`for ${claim.user}`]),
  ].map(printable);
  const signals = claim.signals
    .map(
      (signal) =>
        `    ${signal.kind} at ${printable(signal.locator)}: ${cut(printable(signal.value), 100)}\n`,
    )
    .join('');
  return `  ${parts.join(', ')} (level ${claim.level}, ${levelWords[claim.level]})\n${signals}`;
}

function riskLines(risk: RiskAssessment, terminal: Terminal): string {
  const band = style(terminal, bandStyles[risk.band], `${risk.score} of 100, ${risk.band}`);
  const note = risk.calibrated ? '' : ' (a rank against a reference population, not a probability)';
  const factors = risk.factors
    .filter((factor) => factor.contribution !== 0)
    .slice(0, 12)
    .map(({ contribution, because }) => {
      const logits = `${contribution > 0 ? '+' : '-'}${(Math.abs(contribution) / 1000).toFixed(3)}`;
      return `  ${style(terminal, contribution > 0 ? 'red' : 'green', logits.padStart(7))}  ${printable(because)}\n`;
    });
  return `  ${band}${note}\n${factors.join('')}  ${style(terminal, 'dim', `model ${risk.modelVersion}`)}\n`;
}

function shortName(change: ObservedChange): string {
  return change.number === undefined ? change.mergeSha.slice(0, 10) : `#${change.number}`;
}
