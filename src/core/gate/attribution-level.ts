import type { Level } from '../attribution/attribution.ts';
import type { GateInput } from './gate-input.ts';
import { indeterminate, type Judgement, satisfied, violated } from './judgement.ts';

/** `attributionLevel: n`: who and what made the change is known at least that surely. */
export function attributionLevel(
  input: Pick<GateInput, 'attributionLevel' | 'class'>,
  needed: Level,
): Judgement {
  const { attributionLevel: level, class: actorClass } = input;
  const todo = [
    `Capture the agent's session (hooks or telemetry), so that the attribution reaches level ${needed}.`,
  ];
  if (level !== null && level >= needed)
    return satisfied([`The attribution has level ${level}; ${needed} is asked.`]);
  if (level !== null)
    return violated({ because: [`The attribution has level ${level}, below ${needed}.`], todo });
  switch (actorClass) {
    case 'ai':
    case 'mixed':
      return violated({ because: ['An agent took part, and nothing says which one.'], todo });
    case 'human':
      return indeterminate({
        because: ['A record gives the change to people, and nothing supports the record.'],
        todo,
      });
    case 'unknown':
      return indeterminate({
        because: [
          'Nothing says who or what made the change; that no signal is found does not make it a person’s.',
        ],
        todo,
      });
  }
}
