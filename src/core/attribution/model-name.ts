/** Model names are free text and lie; they are compared by their words, never trusted by their spelling. */

const placeholders: ReadonlySet<string> = new Set(['', 'default', 'unknown', 'auto', '<synthetic>']);

/** Words of model families; a name counts as a model's only with a digit beside one of them. */
const families: ReadonlySet<string> = new Set([
  'claude',
  'opus',
  'sonnet',
  'haiku',
  'fable',
  'gpt',
  'o',
  'gemini',
  'grok',
  'llama',
  'qwen',
  'deepseek',
  'mistral',
  'codestral',
  'devstral',
  'kimi',
  'glm',
  'composer',
  'swe',
]);

/** How it was run, or nothing: no part of which model it was. */
const noise: ReadonlySet<string> = new Set([
  'm',
  'context',
  'thinking',
  'latest',
  'high',
  'medium',
  'low',
  'xhigh',
  'reasoning',
]);

const maxModelLength = 200;

/** True for a model that nobody named: `default`, `unknown`, `auto`, `<synthetic>`, the empty string; quotes aside. */
export function isPlaceholderModel(model: string): boolean {
  return placeholders.has(bare(model));
}

/**
 * One spelling for the ways in which a model is written, for comparing only: `Claude Opus 4.6 (1M context)`,
 * `anthropic/claude-opus-4-6` and `claude-4.6-opus-20260101` are the same. Empty for a placeholder.
 */
export function modelKey(model: string): string {
  return isPlaceholderModel(model) ? '' : [...words(model)].toSorted().join(' ');
}

/** True unless the names contradict each other: one that says less (`Claude`) agrees with one that says more. */
export function modelsAgree(left: string, right: string): boolean {
  const [small, large] = [words(left), words(right)].toSorted((a, b) => a.size - b.size);
  return small === undefined || large === undefined || [...small].every((word) => large.has(word));
}

/** True for text that is a model's name and nothing else: it begins with a family's word (`Opus 5`, `openai/gpt-4o`). */
export function isModelName(text: string): boolean {
  if (text.length > 60 || text.includes('://') || !namesModel(text)) return false;
  const [first = ''] = /[a-z]+/.exec(bare(text).slice(text.lastIndexOf('/') + 1)) ?? [];
  return families.has(first);
}

/** True for text that names a model: a family's word with a number (`Opus 5`, `gpt-4o`); `Claude` alone is none. */
export function namesModel(text: string): boolean {
  const found = [...words(text)];
  return found.some((word) => families.has(word)) && found.some((word) => /^\d/.test(word));
}

/**
 * The model inside an agent's display name, as written: `Claude Opus 4.8`, `aider (gpt-4o)` gives `gpt-4o`,
 * `OpenHands-GPT-5` gives `GPT-5`; undefined where it names none. `ownName` is what the name begins with when it is
 * only the tool's.
 */
export function modelInName(name: string, ownName: string): string | undefined {
  const text = name.trim().slice(0, maxModelLength);
  const inner = text.endsWith(')') ? text.slice(text.lastIndexOf('(') + 1, -1).trim() : '';
  if (ownName === 'aider') return inner === '' ? undefined : inner;
  if (namesModel(inner)) return inner;
  if (!namesModel(text)) return undefined;
  const rest = text.toLowerCase().startsWith(ownName) ? text.slice(ownName.length).replace(/^[-: ]/, '') : '';
  return ownName !== '' && !families.has(ownName) && namesModel(rest) ? rest : text;
}

function bare(model: string): string {
  return model.slice(0, maxModelLength).replaceAll('"', '').trim().toLowerCase();
}

/** `claude-opus-4-6-20260101` → claude, opus, 4.6. */
function words(model: string): ReadonlySet<string> {
  const name = bare(model);
  const text = name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/20\d\d-?\d\d-?\d\d/g, '')
    .replace(/(?<!\d)(\d{1,2})[-_](\d{1,2})(?!\d|[a-z])/g, '$1.$2')
    .replace(/\d+m\b/g, '');
  return new Set((text.match(/[a-z]+|\d+(?:\.\d+)*/g) ?? []).filter((word) => !noise.has(word)));
}
