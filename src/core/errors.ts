/** How a failure reaches the person who can mend it. `docs/errors.md` is held equal to this table by a test. */
export interface ErrorEntry {
  /** What happened, in one sentence; `{name}` is filled from the error's details. */
  readonly message: string;
  /** What the reader should do now. */
  readonly action: string;
  readonly httpStatus: number;
  /** 1 a negative finding, 2 wrong usage, 3 bad input, 4 our fault or the machine's. */
  readonly exitStatus: 1 | 2 | 3 | 4;
}

export const errorTable = {
  USAGE: {
    message: '{detail}',
    action: 'Run `reentry --help`, or `reentry <command> --help`, for the options and examples.',
    httpStatus: 400,
    exitStatus: 2,
  },
  CONFIG_INVALID: {
    message: 'The configuration is wrong: {detail}',
    action: 'Correct the named settings; docs/command-line.md lists every setting and its default.',
    httpStatus: 500,
    exitStatus: 2,
  },
  GIT_NOT_FOUND: {
    message: 'The command `git` was not found on this machine.',
    action: 'Install git 2.30 or newer (Debian: apt-get install git) and run the command again.',
    httpStatus: 500,
    exitStatus: 4,
  },
  GIT_TOO_OLD: {
    message: 'The command `git` is too old: version {version}.',
    action: 'Install git 2.30 or newer (Debian: apt-get install git) and run the command again.',
    httpStatus: 500,
    exitStatus: 4,
  },
  HOST_REFUSED: {
    message: '{host} refuses: {detail}.',
    action: 'Give the app or the token the permission that it names (Settings, Code hosts), and try again.',
    httpStatus: 502,
    exitStatus: 3,
  },
  HOST_MISSING: {
    message: '{host} does not have, or does not show: {detail}.',
    action: 'Check the name, and that the app is installed there or the token may read it.',
    httpStatus: 404,
    exitStatus: 3,
  },
  HOST_BUSY: {
    message: '{host} takes no more requests right now: {detail}.',
    action: 'Nothing is lost: it is tried again by itself. Try again later if you asked for it.',
    httpStatus: 503,
    exitStatus: 4,
  },
  HOST_ANSWER: {
    message: '{host} answered what Reentry does not understand: {detail}.',
    action: 'Check that the address is that of the code host; report it with the version of the host.',
    httpStatus: 502,
    exitStatus: 4,
  },
  NOT_A_REPOSITORY: {
    message: '{path} is not a git repository.',
    action: 'Give the path of a git repository (a working tree, a bare repository or a worktree).',
    httpStatus: 400,
    exitStatus: 3,
  },
  REPOSITORY_UNREADABLE: {
    message: 'The repository {path} could not be read: {detail}',
    action: 'Run `git fsck` there; a fresh clone mends a damaged or incomplete repository.',
    httpStatus: 422,
    exitStatus: 3,
  },
  REPOSITORY_GONE: {
    message: 'There is no repository at {path} any more.',
    action:
      'Put it back, or add it again under its new path; what was sealed of it stays. If it is gone for good, stop following it.',
    httpStatus: 409,
    exitStatus: 3,
  },
  REPOSITORY_REPLACED: {
    message: 'At {path} there is now {found}, not {expected}.',
    action: 'Put the former repository back, or add this path again to follow what is there now.',
    httpStatus: 409,
    exitStatus: 3,
  },
  REPOSITORY_NAME_TAKEN: {
    message: 'Another repository was imported as {id} already: it has no commit in common with this one.',
    action:
      'A repository without a remote is known by the name of its folder: rename the folder, or say where it comes from (`git remote add origin <address>`), and import it again.',
    httpStatus: 409,
    exitStatus: 3,
  },
  REVISION_UNKNOWN: {
    message: 'The revision {revision} does not name a commit in {path}.',
    action: 'Give a branch, tag or commit id that exists in this repository.',
    httpStatus: 400,
    exitStatus: 3,
  },
  GIT_FAILED: {
    message: 'git stopped unexpectedly while {doing}: {detail}',
    action: 'Run `git fsck` in the repository; if it is sound, report this with the text above.',
    httpStatus: 500,
    exitStatus: 4,
  },
  GIT_TIMEOUT: {
    message: 'git said nothing for {seconds} seconds while {doing}.',
    action: 'Check the disk under the repository; run the command again.',
    httpStatus: 504,
    exitStatus: 4,
  },
  INPUT_TOO_LARGE: {
    message: '{what} is {size}, over the limit of {limit}.',
    action: 'Reduce the input; docs/errors.md names the limits.',
    httpStatus: 413,
    exitStatus: 3,
  },
  DATA_FOLDER_IN_USE: {
    message: 'The data folder {path} is in use by another Reentry process (pid {pid}).',
    action: 'Stop that process, or choose another folder with --data.',
    httpStatus: 409,
    exitStatus: 4,
  },
  DATA_FOLDER_NOT_WRITABLE: {
    message: 'The data folder {path} cannot be written: {detail}',
    action: 'Give the user who runs Reentry the right to write there, or choose another folder with --data.',
    httpStatus: 500,
    exitStatus: 4,
  },
  DATA_FOLDER_MISSING: {
    message: 'There is no Reentry data in {path}.',
    action: 'Import a repository first (`npm start -- <repository>`), or name the right folder with --data.',
    httpStatus: 404,
    exitStatus: 3,
  },
  DISK_FULL: {
    message: 'The disk under {path} is full.',
    action: 'Free some space and run the command again; nothing that was acknowledged is lost.',
    httpStatus: 507,
    exitStatus: 4,
  },
  DISK_FAILED: {
    message: 'The disk under {path} did not confirm a write: {detail}',
    action:
      'Check the disk before anything else (`dmesg`); then start again and run `reentry verify`. Nothing was signed over it.',
    httpStatus: 500,
    exitStatus: 4,
  },
  POSTGRES_MISSING: {
    message: 'No embedded PostgreSQL exists for this platform ({platform}).',
    action: 'Run a PostgreSQL 15 or newer and name it in DATABASE_URL.',
    httpStatus: 500,
    exitStatus: 4,
  },
  POSTGRES_NOT_STARTING: {
    message: 'The embedded PostgreSQL did not start: {detail}',
    action: 'Read {log}; if the data folder was copied or its disk was full, mend that and start again.',
    httpStatus: 503,
    exitStatus: 4,
  },
  POSTGRES_STOPPED: {
    message: 'The embedded PostgreSQL stopped while Reentry was using it: {detail}',
    action: 'Read {log} and run the command again; nothing that was acknowledged is lost.',
    httpStatus: 503,
    exitStatus: 4,
  },
  DATABASE_UNREACHABLE: {
    message: 'The database named in DATABASE_URL cannot be reached: {detail}',
    action: 'Check that the server runs and that host, port, user and password in DATABASE_URL are right.',
    httpStatus: 503,
    exitStatus: 4,
  },
  DATABASE_NEWER: {
    message: 'The database was written by a newer Reentry (migration {migration}).',
    action: 'Run that version or a newer one.',
    httpStatus: 500,
    exitStatus: 4,
  },
  DATABASE_TAMPERED: {
    message: 'An applied migration differs from the one in this release: {migration}.',
    action: 'Restore the release files; migrations are never edited after release.',
    httpStatus: 500,
    exitStatus: 4,
  },
  LOG_DIVERGED: {
    message: 'The {log} log will not be signed: {detail}',
    action:
      'Do not delete anything. Run `reentry verify` and restore the newest backup of the part that is behind.',
    httpStatus: 500,
    exitStatus: 4,
  },
  LOG_KEY_UNREADABLE: {
    message: 'The signing key {path} cannot be used: {detail}',
    action: 'Restore the key file from your backup; a new key would break the chain of trust.',
    httpStatus: 500,
    exitStatus: 4,
  },
  LOG_FORMAT: {
    message: 'This is not a well-formed {what}: {detail}',
    action: 'Fetch the file again from its source; do not trust this copy.',
    httpStatus: 400,
    exitStatus: 3,
  },
  EVIDENCE_INVALID: {
    message: '{path} is not evidence that Reentry can check: {detail}',
    action: 'Give a data folder or an evidence file that Reentry wrote.',
    httpStatus: 400,
    exitStatus: 3,
  },
  POLICY_INVALID: {
    message: 'The policy file {path} does not hold: {detail}',
    action:
      'Correct it: `reentry gate validate` names every mistake with its place, docs/policy.md describes the format.',
    httpStatus: 422,
    exitStatus: 3,
  },
  REPORT_INVALID: {
    message: 'The report is not understood: {detail}.',
    action:
      'Send SARIF 2.1.0, JUnit XML, Cobertura XML, LCOV or CycloneDX as the tool wrote it; docs/reports.md tells what is read of each.',
    httpStatus: 422,
    exitStatus: 3,
  },
  INPUT_INVALID: {
    message: 'The request is not understood: {detail}',
    action: 'Correct the named inputs; /api/openapi.json describes every route.',
    httpStatus: 400,
    exitStatus: 3,
  },
  UNAUTHENTICATED: {
    message: 'Nobody is signed in.',
    action: 'Sign in, or send an API key as `Authorization: Bearer <key>`.',
    httpStatus: 401,
    exitStatus: 3,
  },
  SIGN_IN_REFUSED: {
    message: 'E-mail and password do not belong together.',
    action: 'Check both; after five wrong attempts wait a minute.',
    httpStatus: 401,
    exitStatus: 3,
  },
  FORBIDDEN: {
    message: 'The role {role} may not {action} this ({resource}).',
    action: 'Ask an owner of this installation for the right, or for the thing itself.',
    httpStatus: 403,
    exitStatus: 3,
  },
  CROSS_SITE: {
    message: 'The request comes from another site.',
    action: 'Open the pages under the address that the server printed, and try again from there.',
    httpStatus: 403,
    exitStatus: 3,
  },
  NOT_FOUND: {
    message: 'There is no {what}.',
    action: 'Check the address; it may have been removed or never existed here.',
    httpStatus: 404,
    exitStatus: 3,
  },
  METHOD_NOT_ALLOWED: {
    message: 'This address does not take {method}.',
    action: 'Use one of the methods that `Allow` names; /api/openapi.json describes every route.',
    httpStatus: 405,
    exitStatus: 3,
  },
  REQUEST_TIMEOUT: {
    message: 'The request did not arrive within {seconds} seconds.',
    action: 'Check the connection and send it again.',
    httpStatus: 408,
    exitStatus: 3,
  },
  INVITATION_UNKNOWN: {
    message: 'This link was used already, has expired, or never existed.',
    action: 'Ask an owner for a new link; before there is one, start the server again for a new one.',
    httpStatus: 410,
    exitStatus: 3,
  },
  MEMBER_EXISTS: {
    message: 'Somebody with the e-mail {email} is a member already.',
    action: 'Sign in with that account, or use another e-mail.',
    httpStatus: 409,
    exitStatus: 3,
  },
  LAST_OWNER: {
    message: 'This is the last owner.',
    action: 'Make somebody else an owner first.',
    httpStatus: 409,
    exitStatus: 3,
  },
  WEBHOOK_SECRET_MISSING: {
    message: 'Webhooks of {host} are not taken here: no secret is set, so nobody could tell who sent them.',
    action:
      'Set {setting} to the secret of the webhook (docs/github.md), start again, and let {host} redeliver.',
    httpStatus: 409,
    exitStatus: 3,
  },
  SIGNATURE_REFUSED: {
    message: 'The delivery is not signed with the secret that is set here: {detail}.',
    action:
      'Give the webhook and {setting} the same secret; a proxy in between must pass the body on byte for byte.',
    httpStatus: 401,
    exitStatus: 3,
  },
  RATE_LIMITED: {
    message: 'Too many requests; {seconds} seconds until the next one is taken.',
    action: 'Wait as long as `Retry-After` says, then go on more slowly.',
    httpStatus: 429,
    exitStatus: 3,
  },
  SERVER_BUSY: {
    message: 'The server has more work than it can take right now.',
    action: 'Try again after as long as `Retry-After` says.',
    httpStatus: 503,
    exitStatus: 4,
  },
  SERVER_UNREACHABLE: {
    message: 'The Reentry server {server} gives no answer: {detail}.',
    action:
      'Check that it runs, and the address in --server or REENTRY_URL; sending again adds nothing twice.',
    httpStatus: 502,
    exitStatus: 4,
  },
  PORT_IN_USE: {
    message: 'The address {address} is in use by another program.',
    action: 'Stop that program, or choose another port with --port.',
    httpStatus: 500,
    exitStatus: 4,
  },
  INTERNAL: {
    message: 'Reentry failed in a way that it did not expect: {detail}',
    action: 'Run `reentry doctor` and report what it prints with this text.',
    httpStatus: 500,
    exitStatus: 4,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** A failure with a code of the error table; `details` fill the message, `cause` keeps what lay beneath. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(fill(errorTable[code].message, details), options);
    this.code = code;
    this.details = details;
  }

  /** What to do now, with the details filled in. */
  get action(): string {
    return fill(errorTable[this.code].action, this.details);
  }

  get entry(): ErrorEntry {
    return errorTable[this.code];
  }
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
