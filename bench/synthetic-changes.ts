import { type ChangeRows, changeRows } from '../src/store/testing/change-rows.ts';

/** The first ones have most changes. */
export const repositoryIds = ['web', 'api', 'payments', 'mobile', 'infra', 'docs'].map(
  (name) => `github.com/acme/${name}`,
);

/** Changes as a company of a few hundred people makes them in four years, the same each time: agents come up in the last two. */
export function* syntheticChanges(count: number): Generator<ChangeRows> {
  const dice = new Dice(20_260_301);
  for (let ordinal = 0; ordinal < count; ordinal += 1) yield syntheticChange(dice, ordinal, ordinal / count);
}

function syntheticChange(dice: Dice, ordinal: number, age: number): ChangeRows {
  const actorClass = classOf(dice, age);
  const claims = actorClass === 'ai' || actorClass === 'mixed' ? claimsOf(dice, age) : [];
  const levels = claims.map(({ level }) => level);
  const riskScore = Math.round(dice.roll() ** 1.2 * 1_000) / 10;
  const size = Math.floor(Math.exp(dice.roll() * 7));
  const isContradicted = claims.length > 0 && dice.says(0.02);
  return changeRows(
    {
      ...identity(dice, ordinal),
      authorName: `${dice.pick(firstNames)} ${dice.pick(lastNames)}`,
      mergedAt: `${new Date(start + age * spanMs + dice.roll() * 3_600_000).toISOString().slice(0, 19)}Z`,
      ordinal,
      files: 1 + Math.floor(size / 40),
      additions: size,
      deletions: Math.floor(size * dice.roll()),
      class: actorClass,
      aiShare: claims.length > 0 ? Math.round(dice.roll() * 100) / 100 : null,
      attributionLevel: levels.length > 0 ? Math.max(...levels) : null,
      riskScore,
      riskBand: bandOf(riskScore),
      gaps: dice.says(0.03) ? 1 : 0,
      contradictions: isContradicted ? 1 : 0,
      factSeq: ordinal,
      evidenceSeq: ordinal,
    },
    claims,
  );
}

function identity(dice: Dice, ordinal: number) {
  const repoId = repositoryIds[Math.floor(dice.roll() ** 2 * repositoryIds.length)] as string;
  const words = [
    dice.pick(verbs),
    dice.pick(adjectives),
    dice.pick(nouns),
    dice.pick(verbs),
    dice.pick(nouns),
  ];
  const title = `${dice.pick(types)}(${dice.pick(areas)}): ${words.join(' ')}`;
  const shas = { repoId, headSha: dice.sha(), mergeSha: dice.sha() };
  return dice.says(0.2)
    ? { ...shas, changeId: `push/${shas.mergeSha}`, kind: 'direct_push', number: null, title }
    : { ...shas, changeId: `pr/${ordinal}`, number: ordinal, title: `${title} (#${ordinal})` };
}

function classOf(dice: Dice, age: number): string {
  if (dice.says(age < 0.5 ? 0.01 : 0.01 + (age - 0.5) * 1.1)) return dice.says(0.6) ? 'ai' : 'mixed';
  return dice.says(0.15) ? 'human' : 'unknown';
}

function bandOf(score: number): string {
  if (score < 50) return 'low';
  if (score < 80) return 'medium';
  return score < 95 ? 'high' : 'critical';
}

function claimsOf(dice: Dice, age: number) {
  return Array.from({ length: dice.says(0.08) ? 2 : 1 }, () => {
    const [agent, models] = dice.pick(agents);
    const newest = Math.floor(Math.min(0.99, age * dice.roll() * 1.6) * models.length);
    const model = dice.says(0.7) ? (models[newest] ?? null) : null;
    const sessionId = dice.says(0.4) ? `${agent}:${Math.floor(dice.roll() * 1e9)}` : null;
    const level = dice.says(0.8) ? 1 : 0;
    return { agent, model, sessionId, level: sessionId === null ? level : 2 };
  });
}

/** Mulberry32. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  says(share: number): boolean {
    return this.roll() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.roll() * items.length)] as Item;
  }

  sha(): string {
    const word = () => Math.floor(this.roll() * 2 ** 32).toString(16);
    return Array.from({ length: 5 }, () => word().padStart(8, '0')).join('');
  }
}

const start = Date.parse('2022-03-01T00:00:00Z');
const spanMs = 4 * 365 * 86_400_000;
const agents: readonly (readonly [agent: string, models: readonly string[]])[] = [
  ['claude-code', ['claude-sonnet-4', 'claude-opus-4', 'claude-sonnet-4-5', 'claude-opus-4-5']],
  ['claude-code', ['claude-sonnet-4', 'claude-sonnet-4-5', 'claude-haiku-4-5']],
  ['copilot', ['gpt-4.1', 'gpt-5', 'claude-sonnet-4']],
  ['cursor', ['gpt-5', 'claude-sonnet-4', 'composer-1']],
  ['codex', ['gpt-5-codex', 'gpt-5.1-codex']],
  ['gemini-cli', ['gemini-2.5-pro', 'gemini-3-pro']],
  ['devin', []],
  ['aider', ['gpt-4o', 'deepseek-v3', 'claude-sonnet-4']],
  ['amp', ['claude-sonnet-4-5']],
];
const listed = (text: string): readonly string[] => text.split(' ');
const types = listed('feat fix chore refactor docs test perf build');
const areas = listed('api auth billing checkout ci deps editor export import search ui worker');
const verbs = listed(
  'add allow avoid handle keep make move remove rename restore retry show skip split support update use validate write',
);
const adjectives = listed('new old empty large slow failing flaky missing optional nested');
const nouns = listed(
  'button cache client column config cursor database dialog error event export field filter header index invoice job key ' +
    'layout limit list lock login menu message migration page payment query queue race record request retry role route ' +
    'schema session sort table tenant test token trace upload user webhook window',
);
const firstNames = listed(
  'Ada Alan Barbara Dennis Edsger Frances Grace Hedy Ivan Jean Ken Leslie Margaret Niklaus Ole Radia Shafi Tim Vint Zoë',
);
const lastNames = listed(
  'Allen Backus Cerf Dijkstra Goldwasser Hamilton Hopper Kay Lamport Liskov Lovelace Perlman Ritchie Sammet Turing Wirth',
);
