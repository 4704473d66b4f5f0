// Runs under any Node from 20 on, before anything is installed: installs what the lock file names, builds the pages where they are
// served, then hands over to the pinned Node 24 and src/main.ts. Plain JavaScript without dependencies, so that a fresh clone can start it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const minNodeMajor = 24;
// A history streams through: without it V8 lets garbage pile up to half as much memory again before it looks.
const smallHeap = '--max-semi-space-size=16';
const pagesFolder = join(root, 'web', 'dist');
const stampName = '.reentry-pages';
const args = process.argv.slice(2);
const dev = args[0] === '--dev';
if (dev) args.shift();

checkNode();
const pages = stalePages();
install(dev || pages !== undefined);
const node = findNode();
if (pages !== undefined) buildPages(node, pages);
if (dev) run(node, [join(root, 'scripts', `${args[0]}.ts`), ...args.slice(1)]);
else run(node, [smallHeap, join(root, 'src', 'main.ts'), ...args]);

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    fail(
      `Reentry needs Node 20 or newer to set itself up; this is Node ${process.versions.node}.`,
      'Install Node 24 LTS and run the command again.',
    );
  }
}

/** Installs from the lock file once per lock file; production packages only, unless the tools are needed too. */
function install(withTools) {
  const stampFile = join(root, 'node_modules', '.reentry-install');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : '';
  if (stamp === `${lock} all` || (!withTools && stamp === `${lock} production`)) return;
  const scope = withTools ? ['--include=dev'] : ['--omit=dev'];
  process.stderr.write(`Setting up: installing packages (once${withTools ? ', with the tools' : ''}) …\n`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(
    npm,
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...scope],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: '' },
    },
  );
  if (result.error || result.status !== 0) {
    // A half-done install must not look finished to the next start.
    rmSync(stampFile, { force: true });
    const said = (result.error?.message ?? result.stderr)
      .trim()
      .split('\n')
      .filter((line) => !line.includes('EBADENGINE'))
      .slice(-5)
      .join('\n');
    fail(
      `npm could not install the packages:\n${said}`,
      'Check the network and the npm registry, then run the command again.',
    );
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, `${lock} ${withTools ? 'all' : 'production'}\n`);
}

/** The pinned Node where a package for this platform exists, else the running one if it is new enough. */
function findNode() {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= minNodeMajor) return process.execPath;
  return fail(
    `No pinned Node ${minNodeMajor} exists for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}.`,
    `Install Node ${minNodeMajor} LTS and run the command again.`,
  );
}

/** The digest that the built pages should have, where they are about to be served, or tested, without them or with older ones. */
function stalePages() {
  const commands = dev ? ['test', 'bench'] : ['start', 'serve'];
  const serves = commands.includes(args[0]) && !args.some((arg) => ['-h', '--help'].includes(arg));
  if (!serves || !existsSync(join(root, 'web', 'vite.config.ts'))) return undefined;
  const hash = createHash('sha256');
  for (const source of ['package-lock.json', 'web', 'src/core', 'src/contract']) hashInto(hash, source);
  const digest = hash.digest('hex');
  const stamp = join(pagesFolder, stampName);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === digest ? undefined : digest;
}

/** Names and contents of everything that the pages are made from. */
function hashInto(hash, name) {
  const path = join(root, name);
  if (statSync(path).isFile()) {
    hash.update(`${name}\0`).update(createHash('sha256').update(readFileSync(path)).digest());
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    if (!/^(dist.*|\..*|.*\.test\.tsx?|testing)$/.test(entry)) hashInto(hash, `${name}/${entry}`);
  }
}

/** Into a folder of its own first: a server that runs keeps its files, and a build that is interrupted leaves none. */
function buildPages(command, digest) {
  process.stderr.write('Setting up: building the pages (once per version) …\n');
  const fresh = `${pagesFolder}.${process.pid}`;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(command, [vite, 'build', 'web', '--outDir', fresh, '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.error || result.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    fail(
      `The pages could not be built:\n${(result.error?.message ?? result.stderr).trim().split('\n').slice(-8).join('\n')}`,
      'Remove node_modules and run the command again; report this if it fails the same way.',
    );
  }
  compress(fresh);
  writeFileSync(join(fresh, stampName), `${digest}\n`);
  rmSync(pagesFolder, { recursive: true, force: true });
  renameSync(fresh, pagesFolder);
}

/** Beside each text its compressed twins, which the server sends in its place: once here, never again for each request. */
function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (/\.(js|css|svg|json|map)$/.test(entry.name)) {
      const text = readFileSync(path);
      const best = { params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY } };
      writeFileSync(`${path}.br`, brotliCompressSync(text, best));
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
    }
  }
}

/** Hands over: same terminal, signals passed on, and the child's own exit status is ours. */
function run(command, commandArgs) {
  const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`;
  // Halves the start: Node keeps what it made of our sources. Beside the code, where nobody else may write.
  const compiled = process.env.NODE_COMPILE_CACHE || join(root, 'node_modules', '.cache', 'compiled');
  const child = spawn(command, commandArgs, {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: path,
      NODE_COMPILE_CACHE: compiled,
      REENTRY_CWD: process.env.INIT_CWD ?? process.cwd(),
    },
  });
  // The terminal sends Ctrl-C to the whole group; we only wait for the child to finish its clean-up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) =>
    fail(
      `${command} could not be started: ${error.message}`,
      'Remove node_modules and run the command again.',
    ),
  );
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

function fail(message, action) {
  process.stderr.write(`${message}\n${action}\n`);
  process.exit(4);
}
