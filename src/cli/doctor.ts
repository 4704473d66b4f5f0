import type { Diagnosis } from '../app/diagnose.ts';
import { printable, type Style, style, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface DoctorOptions {
  readonly dataFolder: string;
  readonly json?: true;
}

const signs = {
  satisfied: ['✓', 'green'],
  violated: ['✕', 'red'],
  indeterminate: ['?', 'yellow'],
  not_applicable: ['–', 'dim'],
} as const satisfies Record<Diagnosis['result'], readonly [string, Style]>;

export async function doctor(world: World, options: DoctorOptions): Promise<number> {
  let violated = false;
  for await (const diagnosis of world.diagnose(options.dataFolder)) {
    violated ||= diagnosis.result === 'violated';
    await world.terminal.out(
      options.json ? `${JSON.stringify(diagnosis)}\n` : diagnosisText(diagnosis, world.terminal),
    );
  }
  return violated ? 1 : 0;
}

function diagnosisText({ check, result, found, action }: Diagnosis, terminal: Terminal): string {
  const [sign, look] = signs[result];
  const head = `${style(terminal, look, sign)} ${check.padEnd(22)} ${printable(found)}\n`;
  return action === undefined ? head : `${head}  ${' '.repeat(22)} ${printable(action)}\n`;
}
