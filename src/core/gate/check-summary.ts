import type { Attribution } from '../attribution/attribution.ts';
import type { EvidenceReview } from '../evidence/decided-items.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import { plural } from '../sentence-parts.ts';
import { isBlocking } from './evaluate-policy.ts';
import { shortSha } from './judgement.ts';
import type { Verdict } from './verdict.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** Under which our verdict stands at the host, and what rulesets name as the required check. */
export const checkName = 'reentry';

/** What a reviewer reads on the pull request. */
export interface CheckSummary {
  readonly title: string;
  /** Markdown, in which nothing from outside is anything but text. */
  readonly summary: string;
}

export interface CheckFindings {
  readonly headSha: string;
  readonly attribution: Attribution;
  readonly risk: RiskAssessment;
  readonly verdict: Verdict;
  readonly reviews: readonly EvidenceReview[];
  /** Index of the evidence record that says the same. */
  readonly evidenceSeq: number;
}

const reasonsShown = 3;
const maxTitle = 250;

/** Score, the three reasons that weigh most, what is missing and what to do about it. */
export function checkSummary(found: CheckFindings): CheckSummary {
  const { headSha, risk, verdict, evidenceSeq } = found;
  const parts = [
    `**Risk ${risk.score.toFixed(0)} of 100, ${risk.band}** · ${madeBy(found.attribution)} · head \`${shortSha(headSha)}\``,
    missing(verdict),
    section('Why this score', topReasons(risk)),
    section('Approvals', found.reviews.filter(({ weight }) => weight !== 'none').map(approval)),
    `Sealed as entry ${evidenceSeq} of the evidence log${verdict.policyDigest === null ? '' : ` under policy \`${verdict.policyDigest.slice(0, 12)}\``}.`,
  ];
  return {
    title: verdictSentence(verdict).slice(0, maxTitle),
    summary: parts.filter((part) => part !== '').join('\n\n'),
  };
}

function madeBy({ class: actorClass, aiShare, claims }: Attribution): string {
  const agents = [
    ...new Set(claims.map(({ agent, model }) => (model === null ? agent : `${agent} (${model})`))),
  ];
  const share = aiShare === null ? '' : `, ${Math.round(aiShare * 100)} % of its lines by an agent`;
  const names = agents.length === 0 ? '' : `: ${agents.slice(0, 3).map(asText).join(', ')}`;
  const words = {
    ai: 'made by an agent',
    mixed: 'made by people and agents',
    human: 'made by people',
    unknown: 'nobody says who or what made it',
  } as const;
  return `${words[actorClass]}${share}${names}`;
}

function missing(verdict: Verdict): string {
  const blocking = verdict.results.filter(isBlocking);
  if (blocking.length === 0) return 'Nothing is missing.';
  const items = blocking.map(({ rule, requirement, subject, because, todo }) => {
    const what = [rule, requirement, subject].filter((part) => part !== undefined && part !== '').join(' › ');
    const reasons = because.slice(0, 2).map(asText).join(' ');
    return [`- **${asText(what)}**: ${reasons}`, ...todo.map((one) => `  - [ ] ${asText(one)}`)].join('\n');
  });
  return [`### ${plural(blocking.length, 'thing is', 'things are')} missing`, ...items].join('\n');
}

function topReasons({ factors }: RiskAssessment): readonly string[] {
  return factors
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, reasonsShown)
    .map(({ because }) => `- ${asText(because)}`);
}

function approval({ reviewer, weight, commitSha, because }: EvidenceReview): string {
  const who = asText(reviewer?.login ?? 'a deleted account');
  const on = commitSha === null ? '' : ` on \`${shortSha(commitSha)}\``;
  return weight === 'counted' ? `- ${who}${on}: counts` : `- ${asText(because ?? `${who}: open`)}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`### ${title}`, ...lines].join('\n');
}

/** Names and titles are anybody's to choose: no link, image, mention or markup may come of them. */
function asText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+|!~]/g, '\\$&')
    .replaceAll('@', '@\u200B');
}
