import { predicateType, statementType } from './change-evidence.ts';

/** What keeps a value from being a change statement, in words; undefined where nothing does. Total. */
export function statementMistake(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is no JSON object';
  if (value._type !== statementType) return `its type is not ${statementType}`;
  if (value.predicateType !== predicateType) return `its predicate type is not ${predicateType}`;
  if (!Array.isArray(value.subject) || value.subject.length === 0 || !value.subject.every(isSubject)) {
    return 'it names no subject by digest';
  }
  return predicateMistake(value.predicate);
}

function predicateMistake(predicate: unknown): string | undefined {
  if (!isRecord(predicate)) return 'it has no predicate';
  const { change, risk, attribution, supersedes, derivedFrom } = predicate;
  if (!isRecord(change) || typeof change.repo !== 'string' || typeof change.id !== 'string') {
    return 'it does not say which change it is about';
  }
  if (!isRecord(risk) || !isRecord(attribution)) return 'it has no risk or no attribution';
  if (supersedes !== null && !isIndex(supersedes)) return 'what it supersedes is no index of the log';
  return isDerivedFrom(derivedFrom)
    ? undefined
    : 'what it was derived from is not stated as checkpoint and entries';
}

function isSubject(value: unknown): boolean {
  return isRecord(value) && typeof value.name === 'string' && isRecord(value.digest);
}

function isDerivedFrom(value: unknown): boolean {
  if (!isRecord(value) || typeof value.log !== 'string' || !isRecord(value.checkpoint)) return false;
  const { size, root } = value.checkpoint;
  if (!isIndex(size) || !isDigest(root) || !Array.isArray(value.entries)) return false;
  return value.entries.every(
    (entry) => isRecord(entry) && isIndex(entry.index) && entry.index < size && isDigest(entry.digest),
  );
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
