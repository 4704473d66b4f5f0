import type { RepositoryRef } from '../../core/change/observed-change.ts';

/**
 * What a repository is called: `host/owner/name` of its origin in lower case, whichever way the address is written, else
 * `local/<folder name>`. Credentials, ports, queries and `.git` are left out.
 */
export function repositoryRef(originUrl: string | undefined, folderName: string): RepositoryRef {
  const origin = originUrl === undefined ? undefined : parseOrigin(originUrl.trim());
  if (origin === undefined) return { id: `local/${folderName}`, name: folderName };
  return {
    id: `${origin.host}/${origin.path}`.toLowerCase(),
    name: origin.path.slice(origin.path.lastIndexOf('/') + 1),
    url: `${origin.scheme}://${origin.host}/${origin.path}`,
  };
}

interface Origin {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
}

/** Undefined for a path on this machine. */
function parseOrigin(address: string): Origin | undefined {
  const url =
    /^(https?|ssh|git|git\+ssh|ssh\+git|git\+https):\/\/(?:[^/]*@)?([^/:@?#]+)(?::\d*)?\/([^?#]+)/i.exec(
      address,
    );
  // `user@host:path`, as scp writes it; one letter before the colon is a drive of Windows.
  const scp = /^(?:[^@/:]+@)?([^@/:]{2,}):(?!\/\/)([^?#]+)$/.exec(address);
  const scheme = url?.[1]?.toLowerCase() ?? 'ssh';
  const host = url?.[2] ?? scp?.[1];
  const path = trimPath(url?.[3] ?? scp?.[2] ?? '');
  if (host === undefined || path === '') return undefined;
  return {
    scheme: scheme.includes('ssh') ? 'ssh' : scheme.replace('git+', ''),
    host: host.toLowerCase(),
    path,
  };
}

function trimPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.join('/').replace(/\.git$/i, '');
}
