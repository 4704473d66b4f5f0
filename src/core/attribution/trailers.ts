import { readMessageLine } from './message-lines.ts';
import type { MessageSignal } from './message-signal.ts';
import { isPlaceholderModel } from './model-name.ts';

const maxLines = 4_000;
const maxLineLength = 1_000;
const maxSignals = 200;

/**
 * Every line of a commit message that says something about agents: trailers wherever they stand (a squash buries them
 * in the body), footers, session addresses. Each saying once, where it first stands; at most 200. Linear in the
 * message: lines beyond 4,000 and the rest of a line beyond 1,000 characters are not read.
 */
export function scanMessage(message: string): readonly MessageSignal[] {
  const found: MessageSignal[] = [];
  const seen = new Set<string>();
  let paragraphStart = 0;
  forEachLine(message, (raw, line) => {
    const value = raw.trim();
    if (value === '') {
      besideModels(found, paragraphStart);
      paragraphStart = found.length;
      return true;
    }
    for (const meaning of readMessageLine(value)) {
      const key = value.toLowerCase();
      const identity = `${meaning.kind}\0${meaning.agent ?? ''}\0${key}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      found.push({ ...meaning, line, value });
    }
    return found.length < maxSignals;
  });
  besideModels(found, paragraphStart);
  return found.slice(0, maxSignals);
}

/** Calls with each line and its number from 1, until one answers false or the limit is reached. */
function forEachLine(text: string, visit: (line: string, number: number) => boolean): void {
  let at = 0;
  for (let number = 1; number <= maxLines && at <= text.length; number += 1) {
    const end = text.indexOf('\n', at);
    const stop = end === -1 ? text.length : end;
    if (!visit(text.slice(at, Math.min(stop, at + maxLineLength)), number)) return;
    at = stop + 1;
  }
}

/** A session line belongs with the model that its own paragraph names for its agent, if that is one model. */
function besideModels(found: MessageSignal[], from: number): void {
  for (let index = from; index < found.length; index += 1) {
    const signal = found[index];
    if (signal?.sessionId === undefined || signal.agent === undefined || signal.model !== undefined) continue;
    const models = new Set(
      found
        .slice(from)
        .flatMap(({ agent, model }) => (agent === signal.agent && model !== undefined ? [model] : []))
        .filter((model) => !isPlaceholderModel(model)),
    );
    const [model] = models;
    if (models.size === 1 && model !== undefined) found[index] = { ...signal, besideModel: model };
  }
}
