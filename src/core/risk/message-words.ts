// Message rules of `features@1`: how a title says that a change mends a fault.
const fixWords =
  /^(?:fix|bugfix|hotfix)(?:\([^)]*\))?!?[:\s]|\b(?:fix(?:e[sd]|ing)?|bugs?|bugfix|hotfix|regression|defect|crash(?:es|ed)?|panic|deadlock|race condition|memory leak|npe|null pointer|incorrect(?:ly)?|broken|wrong(?:ly)?)\b/i;
const notCodeFix =
  /^(?:docs?|chore|ci|build|style|test|tests|refactor|perf|feat|deps|release)(?:\([^)]*\))?!?:|^fix\((?:deps|docs?|ci|test|tests|build|lint|types?)[^)]*\)|\b(?:typo|typos|lint|linter|spelling|grammar|flak(?:y|e)|changelog|readme|comment|docstring|formatting|whitespace|bump|upgrade to|update dependency|merge (?:branch|release)|fix(?:es|ed)? (?:the )?(?:tests?|build|ci|docs?|doc|link|links|style|warning|warnings|checkstyle|javadoc|format))\b/i;
/** `[A-Z]{2,}-\d+` would backtrack over a long run of capitals; two capitals before the dash say the same. */
const reference = /#\d|[A-Z][A-Z]-\d/;

/** The title speaks of mending something, be it code, docs or a build. */
export function saysFix(title: string): boolean {
  return fixWords.test(title);
}

/** The title speaks of mending a fault in the product: what counts as a fix in a file's history. */
export function saysCodeFix(title: string): boolean {
  return fixWords.test(title) && !notCodeFix.test(title);
}

/** An issue or pull request is named: `#12`, `ABC-12`. */
export function hasReference(text: string): boolean {
  return reference.test(text);
}

/** Characters (code points, not UTF-16 units), so that an emoji counts once. */
export function characters(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
