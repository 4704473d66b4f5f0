import { personActed } from '../core/evidence/fact.ts';
import type { Archive } from './ports.ts';
import { recordFacts } from './record-facts.ts';
import type { ActionRecorder, PersonAction } from './serving-ports.ts';

type EventsLog = Pick<Archive, 'ledger' | 'surroundings'>;

/** A path is the longest thing that an action is done to. */
const maxTextLength = 4_096;

/**
 * Seals what somebody did in the events log: durable when it resolves, before the answer goes out. Actions at the same time share
 * one commit (the ledger's group commit); a checkpoint over them is published by whoever publishes next.
 */
export async function recordAction(archive: EventsLog, action: PersonAction): Promise<void> {
  const { actor, resource, target, detail, requestId } = action;
  const sealed = {
    schema: 'reentry.person-action/1',
    actor,
    action: action.action,
    resource,
    target: target === null ? null : clipped(target),
    detail: Object.fromEntries(
      Object.entries(detail).map(([name, value]) => [
        name,
        typeof value === 'string' ? clipped(value) : value,
      ]),
    ),
    requestId,
  } as const;
  await recordFacts(archive, [personActed(sealed, archive.surroundings.now().toISOString())]);
}

export function actionRecorder(archive: EventsLog): ActionRecorder {
  return { record: (action) => recordAction(archive, action) };
}

function clipped(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
