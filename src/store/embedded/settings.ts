/** The name of the one user that owns everything; the server works as another one (see server-role.ts). */
export const ownerName = 'reentry';
export const databaseName = 'postgres';
export const port = 5432;

/**
 * Given on the command line, which neither a configuration file nor ALTER SYSTEM can overrule: a release brings its
 * settings along, and nobody turns durability off by accident.
 */
const settings: Readonly<Record<string, string>> = {
  // Only through the socket: no port that clashes, nothing for the network to reach.
  listen_addresses: '',
  port: String(port),
  unix_socket_permissions: '0700',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // A machine of 2 cores and 4 GB; on our load more shared memory gains nothing.
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_connections: '40',
  max_wal_size: '1GB',
  wal_compression: 'pglz',
  checkpoint_timeout: '10min',
  // Measured on two cores: 1.4 to 5 times faster scans than with worker processes.
  io_method: 'sync',
  jit: 'off',
  // With `try`, containers that see huge pages without being allowed any die of SIGBUS.
  huge_pages: 'off',
  // The planner knows nothing of a table until then, and an import fills one within seconds.
  autovacuum_naptime: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] ',
  logging_collector: 'off',
  // Statements, rows and keys of failed statements stay out of the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  password_encryption: 'scram-sha-256',
};

export function serverArguments(cluster: string, socketFolder: string): readonly string[] {
  const all = { ...settings, unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"` };
  // `-D` and the path come first: the next start finds a left-over server by them.
  return ['-D', cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

export function initdbArguments(cluster: string, passwordFile: string): readonly string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${ownerName}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of texts on every machine, whatever its C library or ICU.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    '--set=huge_pages=off',
    // One call instead of a thousand: 1.0 s against 3.6 s here. Only Linux has it.
    ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
  ];
}
