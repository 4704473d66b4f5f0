import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The account without rights that every Unix has; PostgreSQL refuses to run as root. */
export const nobody = { uid: 65_534, gid: 65_534 } as const;

/** Who PostgreSQL runs as: undefined = as ourselves. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  /** What lets it pass folders that only root may: Linux capability names for `setpriv`. */
  readonly capability?: 'dac_read_search' | 'dac_override';
}

/**
 * Root hands over to the owner of the existing cluster, or to `nobody`; no user is created for it. If a folder on the way
 * to `paths` is closed to that account (say all of it lies below /root), it keeps the smaller of the two capabilities that
 * open it which this root holds: containers usually grant only `dac_override`.
 */
export async function serverAccount(
  cluster: string,
  paths: readonly string[],
): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  const account = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody;
  const open = await Promise.all(paths.map((path) => reachable(path, account)));
  if (!open.includes(false)) return account;
  const capability = await heldCapability();
  return capability === undefined ? account : { ...account, capability };
}

/** Starts a program as that account, with nothing of our environment but what is given. */
export function spawnAs(
  account: ServerAccount | undefined,
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly env: NodeJS.ProcessEnv },
): ChildProcess {
  if (account === undefined) return spawn(command, args, options);
  const { uid, gid, capability } = account;
  if (capability === undefined) return spawn(command, args, { ...options, uid, gid });
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    `--inh-caps=-all,+${capability}`,
    `--ambient-caps=-all,+${capability}`,
    '--',
    command,
  ];
  return spawn('setpriv', [...setpriv, ...args], { ...options, env: { PATH: systemPath, ...options.env } });
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** May the account run the program, or pass the folder, and every folder above? Access lists are not looked at. */
async function reachable(
  path: string,
  account: { readonly uid: number; readonly gid: number },
): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const found = await stat(at);
    const { uid, gid, mode } = found;
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    const needed = found.isDirectory() ? 0o1 : 0o5;
    if (((mode >> shift) & needed) !== needed) return false;
    if (at === dirname(at)) return true;
  }
}

const capabilityBits = [
  ['dac_read_search', 2],
  ['dac_override', 1],
] as const;

async function heldCapability(): Promise<'dac_read_search' | 'dac_override' | undefined> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const permitted = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return capabilityBits.find(([, bit]) => (permitted >> BigInt(bit)) & 1n)?.[0];
}
