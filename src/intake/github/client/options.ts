export type GithubCredentials =
  | { readonly kind: 'token'; readonly token: string }
  /** An app, in all of its installations. */
  | { readonly kind: 'app'; readonly appId: string | number; readonly privateKey: string };

export interface GithubOptions {
  /** Of the pages: `https://github.com`, `https://acme.ghe.com`, or an Enterprise Server's. */
  readonly baseUrl: string;
  readonly credentials: GithubCredentials;
  /** Of one request, with its answer's body. */
  readonly timeoutMs?: number;
  /** How often a request is sent again after a failure that may pass. */
  readonly retries?: number;
  readonly retryBaseMs?: number;
  /** A limit that is lifted later than that is reported instead of waited for. */
  readonly maxWaitSeconds?: number;
  readonly maxAnswerBytes?: number;
  /** Ends every request. */
  readonly signal?: AbortSignal;
}

/** Addresses of a host by that of its pages. */
export interface GithubPlaces {
  /** Without a port, as webhooks name it. */
  readonly name: string;
  readonly pages: string;
  readonly api: string;
  readonly graphql: string;
}

export function githubPlaces(baseUrl: string): GithubPlaces {
  const { protocol, host, hostname, pathname } = new URL(baseUrl);
  const pages = `${protocol}//${host}${pathname}`.replace(/\/+$/, '');
  const isCloud = hostname === 'github.com' || hostname.endsWith('.ghe.com');
  return isCloud
    ? { name: hostname, pages, api: `https://api.${host}`, graphql: `https://api.${host}/graphql` }
    : { name: hostname, pages, api: `${pages}/api/v3`, graphql: `${pages}/api/graphql` };
}
