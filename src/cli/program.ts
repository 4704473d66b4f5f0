import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { isHost, isPort } from '../config.ts';
import { AppError } from '../core/errors.ts';
import { doctor } from './doctor.ts';
import { importGit } from './import-git.ts';
import { rebuild } from './rebuild.ts';
import type { ReportOptions } from './report.ts';
import { scan } from './scan.ts';
import { serve } from './serve.ts';
import { start } from './start.ts';
import { printable, style } from './terminal.ts';
import { verify } from './verify.ts';
import type { World } from './world.ts';

/** Runs the command line and returns its exit status; failures are thrown. */
export async function runProgram(args: readonly string[], world: World): Promise<number> {
  let status = 0;
  const { terminal, config } = world;
  const run = (work: () => Promise<number>) => async () => {
    status = await work();
  };
  const program = new Command('reentry')
    .description(
      'Evidence for changes that coding agents write: attributed, scored, sealed, verifiable offline.',
    )
    .version(world.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text).catch(() => undefined);
      },
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => {
        const code = style({ colour: terminal.errColour }, 'red', 'USAGE');
        const detail = text
          .replace(/^error: /, '')
          .trimEnd()
          .replaceAll('\n', ' ');
        write(`${code} ${printable(detail)}\n${new AppError('USAGE').action}\n`);
      },
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    })
    .addHelpText('after', exitStatuses);

  const dataOption = () =>
    new Option('--data <folder>', 'data folder').default(config.dataFolder, dataDefault);

  const portOption = () =>
    new Option('--port <number>', 'port of the pages and the API')
      .argParser(parsePort)
      .default(config.port, portDefault);
  const hostOption = () =>
    new Option('--host <address>', 'address to listen on once somebody has an account')
      .argParser(parseHost)
      .default(config.host, hostDefault);

  program
    .command('start')
    .description('set up, serve, import the repository and tell its story (this is what `npm start` runs)')
    .argument('[repository]', 'path of a git repository', '.')
    .addOption(dataOption())
    .addOption(portOption())
    .addOption(hostOption())
    .addHelpText('after', startExamples)
    .action((repository: string, { data: dataFolder, ...options }: ServeFlags) =>
      run(() => start(world, { repository, dataFolder, ...options }))(),
    );

  program
    .command('serve')
    .description('serve the pages and the API of a data folder, and follow its repositories')
    .addOption(dataOption())
    .addOption(portOption())
    .addOption(hostOption())
    .addHelpText('after', serveExamples)
    .action(({ data: dataFolder, ...options }: ServeFlags) =>
      run(() => serve(world, { dataFolder, ...options }))(),
    );

  program
    .command('scan')
    .description('attribute and score the changes of a repository; writes nothing')
    .argument('<repository>', 'path of a git repository')
    .option('--all', 'every change of the default branch (the default)')
    .addOption(
      new Option('--base <revision>', 'with --head: the one change between them').conflicts(['all', 'since']),
    )
    .addOption(
      new Option('--head <revision>', 'head of the change, or of the history to read').conflicts(['all']),
    )
    .addOption(
      new Option('--since <date>', 'only changes merged on or after this day')
        .argParser(parseDay)
        .conflicts(['all']),
    )
    .option('--json', 'one JSON object per line')
    .addHelpText('after', scanExamples)
    .action((repository: string, options: ScanFlags) => run(() => scan(world, { repository, ...options }))());

  const importing = program
    .command('import')
    .description('seal the changes of a source in the logs')
    .addHelpText('after', importExamples);
  importing
    .command('git')
    .description('import the history of a git repository; what is already sealed is not added again')
    .argument('<repository>', 'path of a git repository')
    .addOption(dataOption())
    .addOption(new Option('--since <date>', 'only changes merged on or after this day').argParser(parseDay))
    .option('--json', 'the outcome as one JSON object')
    .addHelpText('after', importExamples)
    .action((repository: string, { data: dataFolder, ...options }: ImportFlags) =>
      run(() => importGit(world, { repository, dataFolder, ...options }))(),
    );

  program
    .command('verify')
    .description(
      'check a data folder (payloads, logs, signatures, database) or one evidence bundle; names what is wrong',
    )
    .addArgument(
      new Argument('[path]', 'data folder, folder of one log, or evidence bundle (file)').default(
        config.dataFolder,
        dataDefault,
      ),
    )
    .option('--key <vkey>', 'of a bundle: the log key that you trust, or the file that holds it')
    .option('--json', 'one JSON object per finding or step, then the summary')
    .addHelpText('after', verifyExamples)
    .action((path: string, options: { json?: true; key?: string }) =>
      run(() => verify(world, { path, ...options }))(),
    );

  // Loaded when they are asked for: the other commands start without the YAML parser.
  const gate = program
    .command('gate')
    .description('check a policy file, and try it on the changes that are sealed')
    .addHelpText('after', gateExamples);
  gate
    .command('validate')
    .description('tell every mistake of a policy file with its place')
    .argument('[file]', 'policy file', usualPolicyFile)
    .option('--json', 'one JSON object per mistake, then the summary')
    .addHelpText('after', gateExamples)
    .action((file: string, options: { json?: true }) =>
      run(async () => (await import('./gate-validate.ts')).validateGate(world, { file, ...options }))(),
    );
  gate
    .command('simulate')
    .description(
      'tell what a policy would have said of the sealed changes, by class and band; writes nothing',
    )
    .option('--policy <file>', 'policy file', usualPolicyFile)
    .addOption(dataOption())
    .option('--repo <id>', 'only the changes of this repository')
    .addOption(new Option('--since <date>', 'only changes merged on or after this day').argParser(parseDay))
    .option('--json', 'one JSON object per change with its verdict, then the summary')
    .addHelpText('after', gateExamples)
    .action(({ data: dataFolder, ...options }: SimulateFlags) =>
      run(async () => (await import('./gate-simulate.ts')).simulateGate(world, { dataFolder, ...options }))(),
    );

  program
    .command('report')
    .description(
      'hand in what scanners, tests and coverage found in CI; sealed as it is told, judged elsewhere',
    )
    .argument('<file...>', 'SARIF 2.1.0, JUnit XML, Cobertura XML, LCOV, CycloneDX')
    .addOption(new Option('--repo <id>', 'host/owner/name; in CI known by itself'))
    .addOption(new Option('--sha <commit>', 'commit that the tools looked at; in CI the head'))
    .option('--name <name>', 'of the gate; else what the tool calls itself')
    .option('--attempt <number>', 'which run of the same job; in GitHub Actions known by itself')
    .option('--pull-request <number>', 'in CI known by itself')
    .addOption(new Option('--server <url>', 'of Reentry').default(undefined, 'REENTRY_URL'))
    .addOption(
      new Option('--key <key>', 'API key; other users may see it').default(undefined, 'REENTRY_API_KEY'),
    )
    .option('--json', 'one JSON object per file')
    .addHelpText('after', reportExamples)
    .action((files: string[], options: Omit<ReportOptions, 'files'>) =>
      run(async () => (await import('./report.ts')).report(world, { files, ...options }))(),
    );

  program
    .command('rebuild')
    .description('drop every projection and derive it again from the logs')
    .addOption(dataOption())
    .option('--json', 'the outcome as one JSON object')
    .addHelpText('after', rebuildExamples)
    .action(({ data: dataFolder, ...options }: RebuildFlags) =>
      run(() => rebuild(world, { dataFolder, ...options }))(),
    );

  program
    .command('doctor')
    .description('look at this machine and the data folder; say what is missing and what to do')
    .addOption(dataOption())
    .option('--json', 'one JSON object per check')
    .addHelpText('after', doctorExamples)
    .action(({ data: dataFolder, ...options }: RebuildFlags) =>
      run(() => doctor(world, { dataFolder, ...options }))(),
    );

  await program.parseAsync([...args], { from: 'user' });
  return status;
}

interface ServeFlags {
  readonly data: string;
  readonly port: number;
  readonly host: string;
}

interface ScanFlags {
  readonly all?: true;
  readonly base?: string;
  readonly head?: string;
  readonly since?: Date;
  readonly json?: true;
}

interface ImportFlags {
  readonly data: string;
  readonly since?: Date;
  readonly json?: true;
}

interface SimulateFlags {
  readonly policy: string;
  readonly data: string;
  readonly repo?: string;
  readonly since?: Date;
  readonly json?: true;
}

interface RebuildFlags {
  readonly data: string;
  readonly json?: true;
}

function parsePort(text: string): number {
  if (!isPort(text)) throw new InvalidArgumentError('Give a whole number from 0 to 65535.');
  return Number(text);
}

function parseHost(text: string): string {
  if (!isHost(text))
    throw new InvalidArgumentError('Give an IP address of this machine, 0.0.0.0, ::, or localhost.');
  return text;
}

/** `2026-01-31` (the day's beginning in UTC) or a whole RFC 3339 time. */
function parseDay(text: string): Date {
  const day = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text)?.[1];
  const date = new Date(text);
  if (day === undefined || !isDay(day) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('Give a date as 2026-01-31, or a time as 2026-01-31T12:00:00Z.');
  }
  return date;
}

/** JavaScript takes 31 February for 3 March. */
function isDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

const exitStatuses = `
Exit status: 0 done, 1 a negative finding, 2 wrong usage, 3 bad input, 4 our fault or the machine's.
Every option and setting: docs/command-line.md. Every error and what to do: docs/errors.md.`;

/** Where a repository keeps its policy (design section 11). */
const usualPolicyFile = '.reentry/policy.yml';

const dataDefault = 'REENTRY_DATA, else .reentry here';

const portDefault = 'PORT, else 8620';
const hostDefault = 'HOST, else localhost';

const startExamples = `
Examples:
  npm start                                         the repository that you stand in
  npm start -- ../shop --data ~/evidence            another one, and where its evidence goes
  npm start -- ../shop --port 9000                  where another program has port 8620`;

const serveExamples = `
Ctrl-C stops it: what runs is finished first. Examples:
  reentry serve                                     the data folder of this place
  reentry serve --data /srv/reentry --host 0.0.0.0  for others on the network, once you have an account`;

const scanExamples = `
Examples:
  reentry scan .                                    the whole history, a line per change
  reentry scan . --since 2026-01-01 --json          this year's changes, for a script
  reentry scan . --base main --head my-branch       one change, with its reasons`;

const verifyExamples = `
Exit status 1 where something is wrong. Examples:
  reentry verify                                    the data folder of this place
  reentry verify /srv/reentry --json                for a script
  reentry verify /srv/reentry/logs/evidence         one log by itself, without its database
  reentry verify bundle.json --key evidence.vkey    one record, offline, under a key that you trust`;

const gateExamples = `
validate ends with status 1 where the file has a mistake. The format: docs/policy.md. Examples:
  reentry gate validate                             .reentry/policy.yml of this place
  reentry gate validate policy.yml --json           for a script
  reentry gate simulate --policy policy.yml         what it would have said of every sealed change
  reentry gate simulate --since 2026-01-01 --json   this year's verdicts, for a script`;

const importExamples = `
Examples:
  reentry import git ../shop                        again later: only what is new is added
  reentry import git ../shop --since 2026-01-01     only this year's changes`;

const reportExamples = `
A report that tells of failures ends with status 0 too: reporting is not judging. Examples:
  reentry report codeql.sarif junit.xml             in CI: REENTRY_URL and REENTRY_API_KEY say where
  reentry report lcov.info --name coverage --repo github.com/acme/api --sha <commit>`;

const rebuildExamples = `
Exit status 1 where the rebuilt evidence differs. Examples:
  reentry rebuild                                   the data folder of this place
  reentry rebuild --data /srv/reentry --json        for a script`;

const doctorExamples = `
Exit status 1 where something is violated. Examples:
  reentry doctor                                    this machine and the data folder of this place
  reentry doctor --data /srv/reentry --json         for a script`;
