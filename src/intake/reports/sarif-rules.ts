import { type JsonObject, objectOf, objectsOf, textOf } from './json-value.ts';

/** Longer than any id: looking for the beginnings of one takes the square of its length. */
const maxId = 1_000;

/** The rule that a result is about, with its defaults; undefined where the run does not describe it. */
export type RuleLookup = (result: JsonObject) => JsonObject | undefined;

/**
 * Rules of a run, in the ways that results name them (SARIF 2.1.0 sections 3.27.5 to 3.27.7 and 3.52.4): by index into the driver
 * or an extension, by id, or by the beginning of a hierarchical id.
 */
export function rulesOf(run: JsonObject): RuleLookup {
  const tool = objectOf(run.tool);
  const driver = objectsOf(objectOf(tool?.driver)?.rules, 'rules');
  const extensions = objectsOf(tool?.extensions, 'extensions').map((one) => objectsOf(one.rules, 'rules'));
  const byId = new Map<string, JsonObject>();
  for (const rule of [driver, ...extensions].flat()) {
    const id = textOf(rule.id);
    if (id !== null && !byId.has(id)) byId.set(id, rule);
  }
  return (result) => {
    const reference = objectOf(result.rule);
    const component = objectOf(reference?.toolComponent)?.index;
    const rules = isIndex(component) ? extensions[component] : driver;
    const index = isIndex(reference?.index) ? reference.index : result.ruleIndex;
    if (isIndex(index) && rules?.[index]) return rules[index];
    return ruleOfId(byId, textOf(result.ruleId) ?? textOf(reference?.id));
  };
}

/** `CA1000/1` is a case of the rule `CA1000`. */
function ruleOfId(byId: ReadonlyMap<string, JsonObject>, id: string | null): JsonObject | undefined {
  if (id === null || id.length > maxId) return undefined;
  for (let name = id; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
    const rule = byId.get(name);
    if (rule) return rule;
  }
  return undefined;
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
