import type { Policy } from './policy.ts';

/** Sentences: what a policy without mistakes says and its writer may not have meant. */
export function policyRemarks({ rules, gates, tiers, emergency }: Policy): readonly string[] {
  const required = new Set(rules.flatMap(({ require }) => require.gates ?? []));
  const asked = new Set(rules.flatMap(({ when }) => when?.tier ?? []));
  return [
    ...(rules.every(({ when }) => when !== undefined)
      ? ['Every rule has a `when`: a change that none of them fits is asked nothing.']
      : []),
    ...rules.filter(({ when }) => when?.class?.length === 1 && when.class[0] === 'human').map(humanOnly),
    ...gates
      .filter(({ name }) => !required.has(name))
      .map(({ name }) => `No rule requires the gate \`${name}\`.`),
    ...tiers
      .filter(({ name }) => !asked.has(name))
      .map(({ name }) => `No rule speaks of the tier \`${name}\`.`),
    ...(emergency === null ? [] : [emergencyRemark]),
  ];
}

const emergencyRemark =
  'The label of `emergency` lifts nothing by itself: one of the approvers records an override with a reason and an end.';

function humanOnly({ id }: Policy['rules'][number]): string {
  return `The rule \`${id}\` fits only changes that a record gives to people: without a signal the class is \`unknown\`.`;
}
