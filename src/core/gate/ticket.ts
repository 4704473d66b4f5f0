import type { GateInput } from './gate-input.ts';
import { indeterminate, type Judgement, satisfied, violated } from './judgement.ts';

/** `ticket: true`: the change names the work item that asked for it. */
export function ticket({ tickets, mergedAt }: Pick<GateInput, 'tickets' | 'mergedAt'>): Judgement {
  if (tickets === null)
    return indeterminate({
      because: ['Whether it names a ticket is not known: no source tells of its description.'],
      todo: ['Connect the code host.'],
    });
  if (tickets.length > 0) return satisfied([`It names ${tickets.slice(0, 5).join(', ')}.`]);
  const todo =
    mergedAt === null
      ? 'Name the ticket in the title, the branch or the description.'
      : 'It is merged: record which work item asked for it.';
  return violated({ because: ['It names no ticket.'], todo: [todo] });
}
