import type { GateInput } from './gate-input.ts';
import { indeterminate, type Judgement, satisfied, violated } from './judgement.ts';
import { type Approval, weighReviews } from './weigh-reviews.ts';

interface Wanted {
  readonly needed: number;
  /** Only approvals from this team count; null = from anybody. */
  readonly team: string | null;
}

/** Whether enough people approved the head who took no part in it. */
export function judgeApprovals(input: GateInput, { needed, team }: Wanted): Judgement {
  const isOpen = input.mergedAt === null;
  if (input.reviews === null) {
    return indeterminate({
      because: ['Reviews are not known: no source tells of them.'],
      todo: ['Connect the code host, so that reviews are captured as they happen.'],
    });
  }
  const weighed = weighReviews(input, input.reviews);
  const { participation, remarks, blocking, mayBlock } = weighed;
  const counted = onePerPerson(weighed.counted.filter((one) => teamOf(one, team) === 'member'));
  const decided = new Set(counted.map(({ person }) => person));
  const open = onePerPerson([
    ...weighed.counted.filter((one) => teamOf(one, team) === 'unknown').map(ofUnknownTeam),
    ...weighed.undecided.filter((one) => teamOf(one, team) !== 'other'),
  ]).filter(({ person }) => !decided.has(person));
  const wanted = team === null ? 'approvals by independent people' : `approvals from ${team}`;
  const names = counted.length === 0 ? '' : `: ${counted.map(({ name }) => name).join(', ')}`;
  const tally = `${counted.length} of ${needed} ${wanted}${names}.`;
  const doubts = [...mayBlock, ...open.map(({ because }) => because)];
  const because = [tally, ...blocking, ...doubts, ...participation.unresolved, ...remarks];
  if (blocking.length > 0) {
    const todo = [
      'Settle the requested changes with whoever requests them; they approve, or the review is dismissed.',
    ];
    return violated({ because, todo });
  }
  if (counted.length >= needed && mayBlock.length === 0) return satisfied([tally, ...remarks]);
  // Where somebody who took part is not known, one approval more stays as open as the others.
  const pending = isOpen && participation.unresolved.length === 0 && mayBlock.length === 0;
  const todo = [...missingTodo(Math.max(0, needed - counted.length), team, isOpen), ...participation.todo];
  if (counted.length + open.length >= needed) return indeterminate({ because, todo, pending });
  return violated({ because, todo, pending: isOpen });
}

function missingTodo(missing: number, team: string | null, isOpen: boolean): readonly string[] {
  if (missing === 0) return ['Find out what the reviewer may do in the repository.'];
  if (!isOpen) return ['It is merged: have it reviewed now, and record why it was merged without.'];
  const whose = team === null ? '' : ` from ${team}`;
  const approvals = missing === 1 ? 'an approval' : `${missing} approvals`;
  return [`Get ${approvals}${whose} of the present head, by people who may write and took no part in it.`];
}

function teamOf({ teams }: Approval, team: string | null): 'member' | 'other' | 'unknown' {
  if (team === null) return 'member';
  if (teams === null) return 'unknown';
  return teams.includes(team) ? 'member' : 'other';
}

function ofUnknownTeam(approval: Approval): Approval & { readonly because: string } {
  return { ...approval, because: `The teams of ${approval.name}, who approved, are not known.` };
}

function onePerPerson<One extends Approval>(approvals: readonly One[]): readonly One[] {
  return [...Map.groupBy(approvals, ({ person }) => person).values()].flatMap(([first]) => first ?? []);
}
