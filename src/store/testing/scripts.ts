import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Another process of ours, running a few lines of TypeScript in this folder's module scope. */
export interface Script {
  readonly child: ChildProcess;
  /** Its next line of output, or '' at its end. */
  nextLine(): Promise<string>;
  /** Resolves with what it wrote to the error stream, when it is gone. */
  readonly ended: Promise<string>;
}

export interface ScriptOptions {
  /** Only root can give another one. */
  readonly uid?: number;
  /** A command that starts the rest of the command line. */
  readonly prefix?: readonly string[];
}

/** `store` in the source stands for the address of `src/store`; standard input closes when the script may end. */
export function startScript(source: string, { uid, prefix = [] }: ScriptOptions = {}): Script {
  const store = new URL('..', import.meta.url).href;
  const command = [
    ...prefix,
    process.execPath,
    '--input-type=module',
    '-e',
    `const store = ${JSON.stringify(store)};\n${source}`,
  ];
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return {
    child,
    nextLine: async () => (await lines.next()).value ?? '',
    ended: once(child, 'close').then(() => errors),
  };
}

/** Opens the data folder, says `open` or the error's code, and holds it until standard input closes. */
export function holdDataFolder(path: string, options?: ScriptOptions): Script {
  return startScript(
    `const { openDataFolder } = await import(store + 'data-folder.ts');
     try {
       const folder = await openDataFolder(${JSON.stringify(path)});
       console.log('open');
       process.stdin.on('data', () => undefined).on('end', () => folder.release());
     } catch (error) {
       console.log(error.code + ' ' + (error.details?.pid ?? ''));
     }`,
    options,
  );
}
