import { agentInTrailer, namedAddresses } from './agent-identity-line.ts';
import { agentOfName } from './agent-registry.ts';
import type { SignalKind } from './attribution.ts';
import type { LineMeaning } from './message-signal.ts';
import { isModelName, namesModel } from './model-name.ts';

/** What the lines of attribution-signals section 4.3 mean. Every pattern is anchored and linear in the line's length. */

type ReadValue = (value: string) => readonly LineMeaning[];

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Trailer key in lower case, `-` for blanks (`Assisted by:` was seen in curl) → what its value says. */
const trailers: ReadonlyMap<string, ReadValue> = new Map<string, ReadValue>([
  ['co-authored-by', identities('co-author-trailer')],
  ['signed-off-by', identities('signed-off-trailer')],
  ['reviewed-by', reviewers],
  ['acked-by', reviewers],
  ['assisted-by', declared('assisted-by-trailer')],
  ['ai-assisted-by', declared('assisted-by-trailer')],
  ['generated-by', declared('generated-by-trailer')],
  ['made-with', declared('made-with-trailer')],
  [
    'ai-assisted',
    (value) => (/^(?:true|yes)$/i.test(value) ? [{ kind: 'assisted-by-trailer', role: 'co-author' }] : []),
  ],
  [
    'model',
    (value) =>
      isModelName(value)
        ? [{ kind: 'generated-by-trailer', role: 'co-author', model: value, supporting: true }]
        : [],
  ],
  ['claude-session', session('claude-code', /^https:\/\/claude\.ai\/code\/(session_[A-Za-z0-9]{1,100})$/)],
  ['copilot-session', session('copilot-cli', new RegExp(`^(${uuid})$`, 'i'))],
  [
    'agent-logs-url',
    session(
      'copilot-agent',
      new RegExp(`^https://github\\.com/[^/\\s]+/[^/\\s]+/(?:sessions|tasks|agents)/(${uuid})$`, 'i'),
    ),
  ],
  ['amp-thread-id', session('amp', new RegExp(`^(?:https://ampcode\\.com/threads/)?(T-${uuid})$`, 'i'))],
  ['entire-checkpoint', session('entire', /^([0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})$/)],
  ['entire-session', session('entire-session', /^([A-Za-z0-9._-]{1,100})$/)],
  ['entire-agent', entireAgent],
  ['entire-attribution', oversight()],
  [
    'replit-commit-author',
    (value) =>
      /^(?:agent|assistant)$/i.test(value)
        ? [{ kind: 'generated-by-trailer', role: 'co-author', agent: 'replit' }]
        : [],
  ],
  ['replit-commit-session-id', session('replit', /^([A-Za-z0-9-]{1,100})$/)],
  ['claude-generated-by', oversight('claude-code')],
  ['claude-steers', oversight('claude-code')],
  ['claude-permission-prompts', oversight('claude-code')],
  ['claude-escapes', oversight('claude-code')],
  ['link-to-devin-run', devinLink],
  ['link-to-devin-session', devinLink],
  ['requested-by', requester],
]);

/** Namespaces of session ids that are no agent's: whose session it was, only the record itself tells. */
const agentless: ReadonlySet<string> = new Set(['entire', 'entire-session']);

const codexTask = /https:\/\/chatgpt\.com\/codex\/tasks\/(task_[ei]_[0-9a-f]{8,64})(?![0-9a-z])/i;
const devinSession = /^\[?https:\/\/app\.devin\.ai\/sessions\/([0-9a-f]{32})(?![0-9a-z])/i;
const claudeSession = /^https:\/\/claude\.ai\/code\/(session_[A-Za-z0-9]{1,100})$/;
const generatedWith =
  /^(\p{Emoji_Presentation} ?)?Generated with \[?([A-Za-z][A-Za-z0-9 ._-]{0,40}?)(?:\]\((https:\/\/[^\s)]{1,200})\))?$/iu;

/** What one line (without outer blanks) says about agents; empty for nearly all lines. */
export function readMessageLine(line: string): readonly LineMeaning[] {
  const colon = line.indexOf(':');
  if (colon > 0 && colon <= 40) {
    const key = line.slice(0, colon).replaceAll('*', '').trim().toLowerCase().replaceAll(' ', '-');
    const read = trailers.get(key);
    if (read !== undefined) return read(line.slice(colon + 1).replace(/^[*\s]+/, ''));
  }
  return readFooter(line);
}

function readFooter(line: string): readonly LineMeaning[] {
  if (line.includes('enerated with ')) return generatedFooter(line);
  if (!line.includes('https://')) return [];
  const codex = codexTask.exec(line)?.[1];
  if (codex !== undefined) return [url('codex', codex)];
  const claude = claudeSession.exec(line)?.[1];
  return claude === undefined ? [] : [url('claude-code', claude)];
}

/** `🤖 Generated with [Claude Code](…)`: the emoji or the link makes it a footer, the words alone are prose. */
function generatedFooter(line: string): readonly LineMeaning[] {
  const [, emoji, name = '', link] = generatedWith.exec(line) ?? [];
  const agent = agentOfName(name);
  return agent !== undefined && (emoji ?? link) !== undefined
    ? [{ kind: 'footer', role: 'co-author', agent }]
    : [];
}

function identities(kind: SignalKind): ReadValue {
  return (value) => namedAddresses(value).flatMap((named) => agentInTrailer(kind, named) ?? []);
}

/** An agent that reviewed is shown, and is no authorship. */
function reviewers(value: string): readonly LineMeaning[] {
  return identities('oversight-trailer')(value).map(({ kind, agent }) => ({
    kind,
    role: 'reviewer',
    ...(agent === undefined ? {} : { agent }),
  }));
}

/**
 * Trailers whose key already says that a tool took part, so that the tool's or model's name is enough: an agent's
 * address, the kernel's `AGENT:MODEL [TOOL]`, a registered tool, or a model alone (agent unknown). People's names,
 * code generators and everything else say nothing.
 */
function declared(kind: SignalKind): ReadValue {
  return (value) => {
    const addressed = identities(kind)(value);
    if (addressed.length > 0) return addressed;
    const text = value.slice(0, 200).trim();
    const [, name = '', kernelModel = ''] = kernelForm.exec(text) ?? [];
    if (isModelName(kernelModel))
      return [{ kind, role: 'co-author', agent: agentOfName(name) ?? 'unknown', model: kernelModel }];
    const tool = toolOf(text);
    if (tool !== undefined) return [{ kind, role: 'co-author', agent: tool }];
    const leading = toolOf(text.split(' ', 2).join(' ')) ?? toolOf(text.split(' ', 1)[0] ?? '');
    if (leading !== undefined && namesModel(text))
      return [{ kind, role: 'co-author', agent: leading, model: text }];
    return isModelName(text) ? [{ kind, role: 'co-author', agent: 'unknown', model: text }] : [];
  };
}

const kernelForm = /^([A-Za-z][\w.-]{0,39}):(?!\/\/)([\w./:@-]{1,100})(?: |$)/;

/** Names of tools that are also people's names or ordinary words: alone, they declare nothing. */
const ordinaryWords: ReadonlySet<string> = new Set(
  (
    'amp amplifier augment auggie cascade claude cline codegen cody continue crush devin droid gemini gru jules junie ' +
    'kilo kiro oz pi replit roo seer sweep trae v0 vibe warp zed'
  ).split(' '),
);

function toolOf(text: string): string | undefined {
  return ordinaryWords.has(text.trim().toLowerCase()) ? undefined : agentOfName(text);
}

function session(namespace: string, pattern: RegExp): ReadValue {
  return (value) => {
    const id = pattern.exec(value)?.[1];
    if (id === undefined) return [];
    const sessionId = `${namespace}:${id}`;
    return [
      {
        kind: 'session-trailer',
        role: 'co-author',
        ...(agentless.has(namespace) ? {} : { agent: namespace }),
        sessionId,
      },
    ];
  };
}

function entireAgent(value: string): readonly LineMeaning[] {
  const agent = agentOfName(value);
  return agent === undefined ? [] : [{ kind: 'session-trailer', role: 'co-author', agent }];
}

function oversight(agent?: string): ReadValue {
  return () => [{ kind: 'oversight-trailer', role: 'reviewer', ...(agent === undefined ? {} : { agent }) }];
}

function devinLink(value: string): readonly LineMeaning[] {
  const id = devinSession.exec(value)?.[1];
  return id === undefined ? [] : [url('devin', id)];
}

function url(agent: string, id: string): LineMeaning {
  return { kind: 'session-url', role: 'co-author', agent, sessionId: `${agent}:${id}` };
}

function requester(value: string): readonly LineMeaning[] {
  return value === '' ? [] : [{ kind: 'requester', role: 'requester', user: value }];
}
