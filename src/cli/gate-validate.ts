import { resolve } from 'node:path';
import { policyRemarks } from '../core/gate/policy-remarks.ts';
import { plural } from '../core/sentence-parts.ts';
import { mistakeText, readPolicyFile } from './read-policy-file.ts';
import { printable, style } from './terminal.ts';
import type { World } from './world.ts';

export interface ValidateOptions {
  readonly file: string;
  readonly json?: true;
}

/** Tells everything that is wrong with a policy file; status 1 where something is. */
export async function validateGate(world: World, { file, json }: ValidateOptions): Promise<number> {
  const { terminal, config } = world;
  const parsed = await readPolicyFile(resolve(config.workingFolder, file));
  if (!parsed.ok) {
    const { mistakes, omitted } = parsed;
    const found = mistakes.length + omitted;
    if (json) {
      const summary = { result: 'violated', mistakes: found, digest: null, rules: 0, gates: 0, remarks: [] };
      await terminal.out(jsonLines([...mistakes.map((mistake) => ({ mistake })), { summary }]));
      return 1;
    }
    const more = omitted > 0 ? ` The first ${mistakes.length} are above.` : '';
    await terminal.out(mistakes.map((mistake) => mistakeText(file, mistake, terminal)).join(''));
    await terminal.out(`${plural(found, 'mistake')}.${more} docs/policy.md describes the format.\n`);
    return 1;
  }
  const { policy } = parsed;
  const { digest, rules, gates } = policy;
  const remarks = policyRemarks(policy);
  if (json) {
    const summary = {
      result: 'satisfied',
      mistakes: 0,
      digest,
      rules: rules.length,
      gates: gates.length,
      remarks,
    };
    await terminal.out(jsonLines([{ summary }]));
    return 0;
  }
  const good = style(terminal, 'green', `${printable(file)} is a valid policy`);
  await terminal.out(
    [
      `${good}: ${plural(rules.length, 'rule')}, ${plural(gates.length, 'gate')}.\n`,
      `  digest ${digest}\n`,
      ...remarks.map((remark) => `  ${style(terminal, 'yellow', 'Note:')} ${printable(remark)}\n`),
    ].join(''),
  );
  return 0;
}

function jsonLines(objects: readonly object[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}
