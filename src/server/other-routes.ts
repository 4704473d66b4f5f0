import type { Action, Resource } from '../core/access/permissions.ts';

interface OtherRoute {
  readonly method: 'GET' | 'POST';
  /** As it is registered; `*` at its end stands for whatever follows. */
  readonly path: string;
}

/** Routes that nobody need sign in for. One that is neither here, nor guarded below, nor in the contract's table is refused at start. */
export const publicRoutes: readonly (OtherRoute & { readonly because: string })[] = [
  { method: 'GET', path: '/healthz', because: 'tells that the process lives' },
  { method: 'GET', path: '/readyz', because: 'tells whether it can work' },
  { method: 'GET', path: '/api/openapi.json', because: 'is the same in every installation' },
  { method: 'GET', path: '/api/welcome', because: 'tells whoever holds a one-time link who it is for' },
  { method: 'POST', path: '/api/welcome', because: 'lets in whoever holds a one-time link' },
  { method: 'GET', path: '/api/auth/*', because: 'the door decides' },
  { method: 'POST', path: '/api/auth/*', because: 'is how one signs in' },
  { method: 'POST', path: '/webhooks/github', because: 'the signature tells who sent a delivery' },
  {
    method: 'GET',
    path: '/log/*',
    because: 'a log that anybody can check: hashes and signatures, no content',
  },
  {
    method: 'GET',
    path: '/*',
    because: 'files of the pages, the same in every installation: they hold no data',
  },
];

/** Routes outside of the contract that need a permission like its own. */
export const guardedRoutes: readonly (OtherRoute & {
  readonly action: Action;
  readonly resource: Resource;
})[] = [
  // Not by address: behind a proxy on the same machine everybody comes from loopback.
  { method: 'GET', path: '/metrics', action: 'read', resource: 'settings' },
];
