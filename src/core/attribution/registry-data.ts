/**
 * What an identity of the registry takes part as: `author` writes commits; `assist` is an accepted suggestion or autofix;
 * `reviewer` is a review bot, whose name enters a commit only through an accepted suggestion.
 */
export type AgentRole = 'author' | 'assist' | 'reviewer';

export interface AgentEntry {
  /** Canonical id; evidence refers to it, so it is never renamed. */
  readonly id: string;
  readonly vendor: string;
  readonly role: AgentRole;
  /** Whole addresses in lower case. A domain alone also has employees: never listed, never matched. */
  readonly emails?: readonly string[];
  /** Numeric GitHub user ids: they stay when a bot is renamed. */
  readonly accounts?: readonly number[];
  /** Accounts that mostly review: author where they commit, `assist` where they stand in a trailer. */
  readonly reviewingAccounts?: readonly number[];
  /** What records, footers and declaring trailers call it, lower case; never used to match an identity. */
  readonly names?: readonly string[];
  /** Beginning of a branch name; with its slash, because `cursor-pagination` is no agent's branch. */
  readonly branches?: readonly string[];
  /** Beginning of a commit's subject that it writes where so configured; anybody may use the same word as a scope. */
  readonly subjects?: readonly string[];
  /**
   * It commits under its user's own git identity (attribution-signals 0.6, 4.2, 4.4; the Copilots beside the cloud one and
   * OpenCode were never seen as an author, only in trailers of people's commits), so the author of such a commit ran it.
   */
  readonly commitsAsUser?: true;
}

/** attribution-signals section 4.2, and what was seen besides on the public histories named in the comments. */
export const agents: readonly AgentEntry[] = [
  {
    id: 'claude-code',
    vendor: 'Anthropic',
    role: 'author',
    emails: ['noreply@anthropic.com', 'no-reply@anthropic.com', 'claude@anthropic.com'],
    accounts: [209825114, 215619710, 208546643],
    names: ['claude', 'claude code', 'claude-code', 'claudecode'],
    branches: ['claude/', 'claudecode/'],
    commitsAsUser: true,
  },
  {
    id: 'codex',
    vendor: 'OpenAI',
    role: 'author',
    emails: ['noreply@openai.com', 'codex@openai.com'],
    accounts: [215057067],
    reviewingAccounts: [199175422],
    names: ['codex', 'codex cli', 'openai codex', 'chatgpt codex'],
    branches: ['codex/'],
    commitsAsUser: true,
  },
  {
    id: 'copilot-agent',
    vendor: 'GitHub',
    role: 'author',
    accounts: [198982749],
    names: ['copilot-agent', 'copilot coding agent', 'copilot-swe-agent'],
    branches: ['copilot/'],
  },
  {
    id: 'copilot-cli',
    vendor: 'GitHub',
    role: 'author',
    accounts: [223556219],
    names: ['copilot-cli', 'copilot cli', 'github-copilot-cli', 'github copilot cli'],
    commitsAsUser: true,
  },
  {
    id: 'copilot-ide',
    vendor: 'GitHub',
    role: 'author',
    emails: ['copilot@github.com'],
    names: ['copilot', 'copilot-ide', 'github-copilot', 'github copilot'],
    commitsAsUser: true,
  },
  // 62310815 is github-advanced-security[bot], which signs "Copilot Autofix powered by AI" (seen in OpenHands).
  { id: 'copilot-review', vendor: 'GitHub', role: 'assist', accounts: [175728472, 62310815] },
  {
    id: 'cursor',
    vendor: 'Anysphere',
    role: 'author',
    emails: ['cursoragent@cursor.com'],
    accounts: [201670782],
    reviewingAccounts: [206951365],
    names: ['cursor', 'cursor agent', 'cursor-agent', 'cursor cli'],
    branches: ['cursor/'],
    commitsAsUser: true,
  },
  {
    id: 'devin',
    vendor: 'Cognition',
    role: 'author',
    accounts: [158243242],
    names: ['devin', 'devin ai'],
    branches: ['devin/'],
  },
  { id: 'jules', vendor: 'Google', role: 'author', accounts: [161369871], names: ['jules'] },
  { id: 'gemini-code-assist', vendor: 'Google', role: 'assist', accounts: [176961590] },
  { id: 'gemini-cli', vendor: 'Google', role: 'author', names: ['gemini', 'gemini-cli', 'gemini cli'] },
  {
    id: 'aider',
    vendor: 'Aider',
    role: 'author',
    emails: ['aider@aider.chat', 'noreply@aider.chat', 'aider@aider.dev', 'noreply@aider.dev'],
    names: ['aider'],
    // aider/args.py: --attribute-commit-message-author, --attribute-commit-message-committer
    subjects: ['aider: '],
    commitsAsUser: true,
  },
  { id: 'amp', vendor: 'Amp', role: 'author', emails: ['amp@ampcode.com'], names: ['amp'] },
  {
    // OpenDevin was its name until 2024 (75 commits in OpenHands).
    id: 'openhands',
    vendor: 'All Hands AI',
    role: 'author',
    emails: ['openhands@all-hands.dev', 'opendevin@all-hands.dev', 'opendevin@opendevin.ai'],
    names: ['openhands', 'opendevin'],
  },
  {
    id: 'opencode',
    vendor: 'OpenCode',
    role: 'author',
    emails: ['noreply@opencode.ai'],
    accounts: [219766164],
    names: ['opencode'],
    branches: ['opencode/'],
    commitsAsUser: true,
  },
  {
    id: 'roo-code',
    vendor: 'Roo Code',
    role: 'author',
    emails: ['roomote@roocode.com'],
    accounts: [219738659, 263205322],
    names: ['roo', 'roo code', 'roo-code', 'roomote'],
  },
  {
    id: 'windsurf',
    vendor: 'Windsurf',
    role: 'author',
    emails: ['cascade@windsurf.ai', 'cascade@windsurf.com', 'noreply@windsurf.com', 'noreply@codeium.com'],
    accounts: [189301087],
    names: ['windsurf', 'cascade'],
  },
  {
    id: 'junie',
    vendor: 'JetBrains',
    role: 'author',
    emails: ['junie@jetbrains.com'],
    accounts: [201638009, 220155983],
    names: ['junie'],
  },
  {
    id: 'amazon-q',
    vendor: 'Amazon',
    role: 'author',
    emails: ['amazon-q@amazon.com'],
    accounts: [208079219],
    names: ['amazon-q', 'amazon q', 'amazon q developer'],
  },
  {
    id: 'kiro',
    vendor: 'Amazon',
    role: 'author',
    accounts: [244629292, 245459735],
    names: ['kiro'],
    branches: ['kiro/'],
  },
  {
    id: 'warp',
    vendor: 'Warp',
    role: 'author',
    emails: ['agent@warp.dev', 'oz-agent@warp.dev'],
    names: ['warp', 'oz'],
  },
  {
    id: 'cline',
    vendor: 'Cline',
    role: 'author',
    emails: ['noreply@cline.bot'],
    accounts: [205137888, 276134852],
    names: ['cline'],
  },
  {
    id: 'factory-droid',
    vendor: 'Factory',
    role: 'author',
    accounts: [138933559],
    names: ['droid', 'factory droid', 'factory-droid'],
  },
  {
    id: 'continue',
    vendor: 'Continue',
    role: 'author',
    accounts: [230936708],
    names: ['continue', 'continue_cli', 'continue-cli'],
  },
  { id: 'cody', vendor: 'Sourcegraph', role: 'author', accounts: [201248094], names: ['cody'] },
  {
    id: 'kilo-code',
    vendor: 'Kilo',
    role: 'author',
    accounts: [240665456],
    names: ['kilo', 'kilo code', 'kilo-code'],
  },
  { id: 'lovable', vendor: 'Lovable', role: 'author', accounts: [159125892], names: ['lovable'] },
  { id: 'codegen', vendor: 'Codegen', role: 'author', accounts: [131295404], names: ['codegen'] },
  {
    id: 'sweep',
    vendor: 'Sweep AI',
    role: 'author',
    accounts: [128439645],
    names: ['sweep'],
    branches: ['sweep/'],
  },
  {
    id: 'open-swe',
    vendor: 'LangChain',
    role: 'author',
    accounts: [215916821],
    names: ['open-swe', 'open swe'],
    branches: ['open-swe/'],
  },
  {
    id: 'seer',
    vendor: 'Sentry',
    role: 'author',
    accounts: [157164994],
    names: ['seer'],
    branches: ['seer/fix'],
  },
  { id: 'gru', vendor: 'Gru', role: 'author', accounts: [185149714], names: ['gru'] },
  {
    id: 'amplifier',
    vendor: 'Microsoft',
    role: 'author',
    accounts: [240397093],
    names: ['amplifier', 'microsoft-amplifier'],
  },
  {
    id: 'firebender',
    vendor: 'Firebender',
    role: 'author',
    emails: ['help@firebender.com'],
    names: ['firebender'],
  },
  { id: 'crush', vendor: 'Charm', role: 'author', emails: ['crush@charm.land'], names: ['crush'] },
  {
    id: 'mistral-vibe',
    vendor: 'Mistral AI',
    role: 'author',
    emails: ['vibe@mistral.ai'],
    names: ['vibe', 'mistral vibe', 'mistral-vibe'],
  },
  { id: 'qoder', vendor: 'Alibaba', role: 'author', emails: ['noreply@qoder.com'], names: ['qoder'] },
  {
    id: 'augment',
    vendor: 'Augment Code',
    role: 'author',
    emails: ['augment@augmentcode.com'],
    names: ['augment', 'augment code', 'auggie'],
  },
  { id: 'zed', vendor: 'Zed', role: 'author', emails: ['agent@zed.dev'], names: ['zed', 'zed agent'] },
  { id: 'v0', vendor: 'Vercel', role: 'author', emails: ['v0@vercel.com'], names: ['v0'] },
  { id: 'replit', vendor: 'Replit', role: 'author', names: ['replit', 'replit agent'] },
  { id: 'mintlify', vendor: 'Mintlify', role: 'author', names: ['mintlify', 'mintlify-agent'] },
  {
    id: 'rovo-dev',
    vendor: 'Atlassian',
    role: 'author',
    names: ['rovo dev', 'rovo-dev'],
    branches: ['rovodev/'],
  },
  { id: 'trae', vendor: 'ByteDance', role: 'author', names: ['trae'], branches: ['trae/agent-'] },
  { id: 'pi', vendor: 'Pi', role: 'author', names: ['pi'] },
  // Author of commits in a pull request of langfuse.
  {
    id: 'blackbox',
    vendor: 'Blackbox AI',
    role: 'author',
    emails: ['code@blackbox.ai'],
    names: ['blackbox'],
  },
  { id: 'coderabbit', vendor: 'CodeRabbit', role: 'reviewer', accounts: [136622811] },
  // Review bots met as co-authors in langfuse (174 and 14 commits).
  { id: 'ellipsis', vendor: 'Ellipsis', role: 'reviewer', accounts: [65095814] },
  { id: 'greptile', vendor: 'Greptile', role: 'reviewer', accounts: [165735046] },
];
