import { describe, expect, test } from 'vitest';
import { AppError } from '../core/errors.ts';
import { runProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { closedWorld } from './testing/closed-world.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';
import type { World } from './world.ts';

describe('help', () => {
  test.each([
    ['start', 'npm start -- ../shop'],
    ['serve', 'reentry serve --data /srv/reentry'],
    ['scan', 'reentry scan . --base main --head my-branch'],
    ['import', 'reentry import git ../shop'],
    ['import git', 'reentry import git ../shop'],
    ['verify', 'reentry verify /srv/reentry'],
    ['gate', 'reentry gate validate policy.yml --json'],
    ['gate validate', 'reentry gate validate'],
    ['gate simulate', 'reentry gate simulate --policy policy.yml'],
    ['report', 'reentry report codeql.sarif junit.xml'],
    ['rebuild', 'reentry rebuild --data /srv/reentry'],
    ['doctor', 'reentry doctor --data /srv/reentry'],
  ])('of %s has examples', async (command, example) => {
    const { status, out } = await run(`${command} --help`);

    expect(status).toBe(0);
    expect(out).toContain('Examples:\n');
    expect(out).toContain(example);
  });

  test('names every command and what the exit status means', async () => {
    const { out } = await run('--help');

    for (const command of ['start', 'serve', 'scan', 'import', 'verify', 'gate', 'rebuild', 'doctor'])
      expect(out).toContain(`  ${command}`);
    expect(out).toContain('Exit status: 0 done, 1 a negative finding, 2 wrong usage');
  });

  test('comes on the error stream where no command was given', async () => {
    expect(await run('')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('Commands:') });
  });

  test('does not print where the data folder of the machine it was asked on lies', async () => {
    for (const command of ['start', 'serve', 'verify', 'gate simulate', 'rebuild', 'doctor']) {
      expect((await run(`${command} --help`)).out).not.toContain(dataFolder);
    }
  });

  test('keeps to the width of the terminal', async () => {
    const { out } = await run('--help', 80);

    const [, commands = ''] = out.split('Commands:');
    for (const line of commands.split('\n\n')[0]?.split('\n') ?? [])
      expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('wrong usage is told in two lines and ends with 2', () => {
  test.each([
    ['an unknown command', 'strat', "unknown command 'strat' (Did you mean start?)"],
    ['an unknown option', 'scan . --jsn', "unknown option '--jsn' (Did you mean --json?)"],
    ['too few arguments', 'scan', "missing required argument 'repository'"],
    ['too many arguments', 'verify a b', 'too many arguments'],
    ['an option without its value', 'verify a --data', "unknown option '--data'"],
    ['a port that is none', 'serve --port 70000', "option '--port <number>' argument '70000' is invalid."],
    ['a host that is none', 'serve --host here!', "option '--host <address>' argument 'here!' is invalid."],
    ['a date that is none', 'scan . --since soon', "option '--since <date>' argument 'soon' is invalid."],
    ['a day that does not exist', 'scan . --since 2026-02-31', "argument '2026-02-31' is invalid."],
    [
      'a time without zone',
      'import git . --since 2026-02-01T10:00',
      "argument '2026-02-01T10:00' is invalid.",
    ],
    ['a base without a head', 'scan . --base main', '--base needs --head'],
    ['options that contradict each other', 'scan . --all --since 2026-01-01', 'cannot be used with'],
    ['what would drive a terminal', 'scan . --\u001b[2J', "unknown option '--\\u{1b}[2J'"],
  ])('%s', async (_, command, said) => {
    const { status, out, err } = await run(command);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    const [line = '', ...rest] = err.split('\n');
    expect(line.startsWith('USAGE ')).toBe(true);
    expect(line).toContain(said);
    expect(rest).toEqual([new AppError('USAGE').action, '']);
  });
});

const dataFolder = '/home/ada/shop/.reentry';

async function run(command: string, width = 100): Promise<{ status: number; out: string; err: string }> {
  const terminal = recordingTerminal({ columns: width });
  const args = command.split(' ').filter((word) => word !== '');
  const status = await runProgram(args, worldWith(terminal)).catch((error: unknown) =>
    reportError(error, terminal, new AbortController().signal),
  );
  return { status, ...terminal.written };
}

/** Help and wrong usage never get to the world. */
function worldWith(terminal: World['terminal']): World {
  return closedWorld(terminal, { folder: '/home/ada/shop', environment: { REENTRY_DATA: dataFolder } });
}
