import type { FileRole } from './observed-change.ts';

// The path rules of `features@1`: any change here is a new feature specification and a new model.
// Exclusions first: generated, vendored, lock, minified, snapshot and fixture files carry no risk of their own.
const generated =
  /(?:^|\/)(?:vendor|third_party|node_modules|dist|build\/generated|__snapshots__|fixtures?|testdata|golden)\/|(?:\.min\.(?:js|css)|\.snap|\.map|\.pb\.go|_pb2\.py|\.g\.cs|\.svg|\.lock|\.sum|\.ipynb|\.po|\.xlf|\.csv|\.sarif)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|npm-shrinkwrap\.json|go\.sum|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|packages\.lock\.json)$|generated|\.gen\./i;
const sourceCode =
  /\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs|vue|svelte|py|go|rs|java|kt|scala|cs|c|cc|cpp|h|hpp|rb|php|swift|sql|sh|bash|ps1)$/i;
const test =
  /(?:^|\/)(?:tests?|__tests__|spec|e2e|testing|unittests?)\/|[._-](?:test|spec|e2e)\.[a-z]+$|_test\.(?:go|py|rs)$|(?:^|\/)test_[^/]*\.py$|Tests?\.(?:java|cs|kt)$|\.Tests\//i;
const docs = /\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)docs?\/|(?:^|\/)(?:LICENSE|CHANGELOG|README)/i;

/**
 * What a path is for, by name alone (`features@1`): the first of generated, test, source, docs that fits, else other.
 * `declaredGenerated` (linguist-generated or linguist-vendored) makes it generated whatever its name says.
 */
export function fileRole(path: string, declaredGenerated: boolean): FileRole {
  if (declaredGenerated || generated.test(path)) return 'generated';
  if (test.test(path)) return 'test';
  if (sourceCode.test(path)) return 'source';
  return docs.test(path) ? 'docs' : 'other';
}

/** Whether the name ends like program source; true of test code and generated code too. */
export function isSourceCode(path: string): boolean {
  return sourceCode.test(path);
}
