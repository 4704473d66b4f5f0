import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { apiQuery, profileQuery } from './api/queries.ts';
import { OverviewLoading, OverviewPage } from './overview/overview-page.tsx';
import {
  parseSearch,
  readChangeAddress,
  readChangesSearch,
  readPullRequestsSearch,
  readSignInSearch,
  readVerifySearch,
  stringifySearch,
} from './route-search.ts';
import { PageFailed, PageMissing } from './shell/fallbacks.tsx';
import { Shell } from './shell/shell.tsx';

export interface RouterContext {
  readonly client: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./sign-in/welcome-page.tsx'), 'WelcomePage'),
});

/** Everything with the navigation around it; pages ask for their data themselves, each at once with the profile. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  loader: ({ context }) => void context.client.prefetchQuery(profileQuery),
  component: Shell,
});

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  // Drawn once, with its numbers; without them first only where they take long.
  loader: ({ context }) => context.client.prefetchQuery(apiQuery('getOverview', {})),
  pendingMs: 150,
  pendingMinMs: 0,
  pendingComponent: OverviewLoading,
  component: OverviewPage,
});

const changes = createRoute({
  getParentRoute: () => inside,
  path: '/changes',
  validateSearch: readChangesSearch,
  component: lazyRouteComponent(() => import('./changes/changes-page.tsx'), 'ChangesPage'),
});

const pullRequests = createRoute({
  getParentRoute: () => inside,
  path: '/changes/pull-requests',
  validateSearch: readPullRequestsSearch,
  component: lazyRouteComponent(() => import('./pull-requests/pull-requests-page.tsx'), 'PullRequestsPage'),
});

const change = createRoute({
  getParentRoute: () => inside,
  path: '/change',
  validateSearch: readChangeAddress,
  component: lazyRouteComponent(() => import('./change/change-page.tsx'), 'ChangePage'),
});

const repositories = createRoute({
  getParentRoute: () => inside,
  path: '/repositories',
  component: lazyRouteComponent(() => import('./repositories/repositories-page.tsx'), 'RepositoriesPage'),
});

const log = createRoute({
  getParentRoute: () => inside,
  path: '/log/{-$name}',
  component: lazyRouteComponent(() => import('./log/log-page.tsx'), 'LogPage'),
});

const verify = createRoute({
  getParentRoute: () => inside,
  path: '/verify',
  validateSearch: readVerifySearch,
  component: lazyRouteComponent(() => import('./verify/verify-page.tsx'), 'VerifyPage'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** An address that no page has still stands within the navigation. */
const missing = createRoute({ getParentRoute: () => inside, path: '$', component: PageMissing });

const tree = root.addChildren([
  signIn,
  welcome,
  inside.addChildren([overview, changes, pullRequests, change, repositories, log, verify, settings, missing]),
]);

export function createPages(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageMissing,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: ReturnType<typeof createPages>;
  }
}
