import { appRoutes, type ManifestCodes } from './app-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { commitRoutes } from './commit-routes.ts';
import { hookRoutes } from './hook-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import type { Route } from './route.ts';
import { ruleRoutes } from './rule-routes.ts';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly literals: number;
}

export interface Found {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export type FindRoute = (method: string, path: string) => Found | null;

/** Parameters that hold slashes: branches, references, paths. */
const long = new Set(['branch', 'ref', 'path', 'basehead']);

export function createRouter(codes: ManifestCodes): FindRoute {
  const all = [
    ...appRoutes(codes),
    ...hookRoutes,
    ...pullRoutes,
    ...checkRoutes,
    ...commitRoutes,
    ...ruleRoutes,
    ...peopleRoutes,
  ];
  // What names more comes first: `rulesets/rule-suites` before `rulesets/{ruleset_id}`.
  const compiled = all.map(compile).sort((a, b) => b.literals - a.literals);
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      if (route.method !== method) continue;
      const groups = pattern.exec(path)?.groups;
      if (groups === undefined && !pattern.test(path)) continue;
      const parameters = Object.entries(groups ?? {}).map(([name, value]) => [
        name,
        decodeURIComponent(value),
      ]);
      return { route, parameters: Object.fromEntries(parameters) };
    }
    return null;
  };
}

function compile(route: Route): Compiled {
  const parts = route.path.split('/').filter(Boolean);
  const source = parts.map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return `/${part}`;
    return long.has(name) ? `/(?<${name}>.+?)` : `/(?<${name}>[^/]+)`;
  });
  return {
    route,
    pattern: new RegExp(`^${source.join('')}$`),
    literals: parts.filter((part) => !part.startsWith('{')).length,
  };
}
