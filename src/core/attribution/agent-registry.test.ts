import { expect, test } from 'vitest';
import { agentOfBranch, agentOfTool, hasAiderSuffix, identityOfEmail } from './agent-registry.ts';
import { agents } from './registry-data.ts';

const bot = (id: number, login: string) => `${id}+${login}@users.noreply.github.com`;

test.each([
  ['noreply@anthropic.com', 'claude-code', 'author', 'author'],
  ['no-reply@anthropic.com', 'claude-code', 'author', 'author'],
  ['Claude@Anthropic.com', 'claude-code', 'author', 'author'],
  [bot(209825114, 'claude[bot]'), 'claude-code', 'author', 'author'],
  [bot(215619710, 'anthropic-claude[bot]'), 'claude-code', 'author', 'author'],
  [bot(208546643, 'claude-code-action[bot]'), 'claude-code', 'author', 'author'],
  ['noreply@openai.com', 'codex', 'author', 'author'],
  ['codex@openai.com', 'codex', 'author', 'author'],
  [bot(199175422, 'chatgpt-codex-connector[bot]'), 'codex', 'author', 'assist'],
  [bot(215057067, 'openai-codex[bot]'), 'codex', 'author', 'author'],
  [bot(198982749, 'Copilot'), 'copilot-agent', 'author', 'author'],
  [bot(198982749, 'renamed-later[bot]'), 'copilot-agent', 'author', 'author'],
  [bot(223556219, 'Copilot'), 'copilot-cli', 'author', 'author'],
  [bot(175728472, 'Copilot'), 'copilot-review', 'assist', 'assist'],
  [bot(62310815, 'github-advanced-security[bot]'), 'copilot-review', 'assist', 'assist'],
  ['copilot@github.com', 'copilot-ide', 'author', 'author'],
  ['cursoragent@cursor.com', 'cursor', 'author', 'author'],
  [bot(206951365, 'cursor[bot]'), 'cursor', 'author', 'assist'],
  [bot(201670782, 'cursoragent[bot]'), 'cursor', 'author', 'author'],
  [bot(158243242, 'devin-ai-integration[bot]'), 'devin', 'author', 'author'],
  [bot(161369871, 'google-labs-jules[bot]'), 'jules', 'author', 'author'],
  [bot(176961590, 'gemini-code-assist[bot]'), 'gemini-code-assist', 'assist', 'assist'],
  ['aider@aider.chat', 'aider', 'author', 'author'],
  ['noreply@aider.dev', 'aider', 'author', 'author'],
  ['amp@ampcode.com', 'amp', 'author', 'author'],
  ['openhands@all-hands.dev', 'openhands', 'author', 'author'],
  ['code@blackbox.ai', 'blackbox', 'author', 'author'],
  ['opendevin@all-hands.dev', 'openhands', 'author', 'author'],
  ['noreply@opencode.ai', 'opencode', 'author', 'author'],
  [bot(219766164, 'opencode-agent[bot]'), 'opencode', 'author', 'author'],
  ['roomote@roocode.com', 'roo-code', 'author', 'author'],
  [bot(263205322, 'roomote[bot]'), 'roo-code', 'author', 'author'],
  ['cascade@windsurf.com', 'windsurf', 'author', 'author'],
  ['noreply@codeium.com', 'windsurf', 'author', 'author'],
  [bot(189301087, 'windsurf-bot[bot]'), 'windsurf', 'author', 'author'],
  ['junie@jetbrains.com', 'junie', 'author', 'author'],
  [bot(220155983, 'jetbrains-ai[bot]'), 'junie', 'author', 'author'],
  ['amazon-q@amazon.com', 'amazon-q', 'author', 'author'],
  [bot(208079219, 'amazon-q-developer[bot]'), 'amazon-q', 'author', 'author'],
  [bot(245459735, 'kiro-agent[bot]'), 'kiro', 'author', 'author'],
  ['oz-agent@warp.dev', 'warp', 'author', 'author'],
  ['noreply@cline.bot', 'cline', 'author', 'author'],
  [bot(276134852, 'cline-cloud[bot]'), 'cline', 'author', 'author'],
  [bot(138933559, 'factory-droid[bot]'), 'factory-droid', 'author', 'author'],
  [bot(230936708, 'continue[bot]'), 'continue', 'author', 'author'],
  [bot(201248094, 'cody'), 'cody', 'author', 'author'],
  [bot(240665456, 'kilo'), 'kilo-code', 'author', 'author'],
  [bot(159125892, 'gpt-engineer-app[bot]'), 'lovable', 'author', 'author'],
  [bot(131295404, 'codegen-sh[bot]'), 'codegen', 'author', 'author'],
  [bot(128439645, 'sweep-ai[bot]'), 'sweep', 'author', 'author'],
  [bot(215916821, 'open-swe[bot]'), 'open-swe', 'author', 'author'],
  [bot(157164994, 'seer-by-sentry[bot]'), 'seer', 'author', 'author'],
  [bot(185149714, 'gru-agent[bot]'), 'gru', 'author', 'author'],
  [bot(240397093, 'microsoft-amplifier'), 'amplifier', 'author', 'author'],
  [bot(136622811, 'coderabbitai[bot]'), 'coderabbit', 'reviewer', 'reviewer'],
  ['help@firebender.com', 'firebender', 'author', 'author'],
  ['v0@vercel.com', 'v0', 'author', 'author'],
])('%s is %s (%s as author, %s in a trailer)', (email, agent, role, trailerRole) => {
  expect(identityOfEmail(email)).toEqual({ agent, role, trailerRole });
});

test.each([
  ['paul@aider.chat', 'an employee of a vendor'],
  ['jane@anthropic.com', 'an employee of a vendor'],
  ['staff@all-hands.dev', 'an employee of a vendor'],
  ['noreply@github.com', 'the web interface of GitHub'],
  ['Copilot@users.noreply.github.com', 'the old private address, which has no number'],
  ['198982749@users.noreply.github.com', 'a number without a login'],
  ['x198982749+Copilot@users.noreply.github.com', 'no number in front'],
  ['198982749+Copilot@users.noreply.github.com.evil.example', 'another domain'],
  ['29139614+renovate[bot]@users.noreply.github.com', 'a bot that is no coding agent'],
  ['noreply@anthropic.com.example.org', 'another domain'],
  ['devin@example.com', 'a person with an agent’s name'],
  ['gemini-cli@google.com', 'only Gemini’s local shadow repository'],
  ['', 'no address'],
])('%s is nobody: %s', (email) => {
  expect(identityOfEmail(email)).toBeUndefined();
});

test('no address, number, name or branch belongs to two agents, and all are in lower case', () => {
  const ids = agents.map(({ id }) => id);
  const emails = agents.flatMap((agent) => agent.emails ?? []);
  const accounts = agents.flatMap((agent) =>
    [...(agent.accounts ?? []), ...(agent.reviewingAccounts ?? [])].map(String),
  );
  const names = agents.flatMap(({ id, names: own = [] }) => [...new Set([id, ...own])]);

  for (const list of [ids, emails, accounts, names]) expect(new Set(list).size).toBe(list.length);
  for (const text of [...emails, ...names]) expect(text).toBe(text.toLowerCase());
  for (const email of emails) expect(email).toMatch(/^[^@\s]+@[^@\s]+\.[a-z]+$/);
});

test.each([
  ['claude/fix-parser', 'claude-code'],
  ['Codex/add-tests', 'codex'],
  ['copilot/fix-123', 'copilot-agent'],
  ['devin/1718-thing', 'devin'],
  ['seer/fix-null', 'seer'],
  ['trae/agent-abc', 'trae'],
  ['rovodev/x', 'rovo-dev'],
  ['open-swe/x', 'open-swe'],
  ['cursor-pagination', undefined],
  ['cursor/', undefined],
  ['codex', undefined],
  ['feature/codex/x', undefined],
  ['trae/x', undefined],
])('branch %s belongs to %s', (branch, agent) => {
  expect(agentOfBranch(branch)).toBe(agent);
});

test.each([
  ['claude', 'claude-code'],
  ['Claude Code', 'claude-code'],
  ['Gemini CLI', 'gemini-cli'],
  ['github-copilot', 'copilot-ide'],
  ['some-new-tool', 'some-new-tool'],
  ['My Tool', 'my-tool'],
  ['Agent', 'unknown'],
  ['', 'unknown'],
  ['<script>', 'unknown'],
  [undefined, 'unknown'],
])('a record’s tool %s is the agent %s', (tool, agent) => {
  expect(agentOfTool(tool)).toBe(agent);
});

test('aider’s mark is the suffix of the name and nothing else', () => {
  expect(hasAiderSuffix('Jane Doe (aider)')).toBe(true);
  expect(hasAiderSuffix('aider')).toBe(false);
  expect(hasAiderSuffix('Jane (aider) Doe')).toBe(false);
});
