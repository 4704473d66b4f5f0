/** Values of one statement, numbered as they are bound. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The place of the value in the statement: `$1`, `$2` … */
  readonly bind = (value: unknown): string => {
    this.values.push(value);
    return `$${this.values.length}`;
  };
}

export type Bind = Parameters['bind'];

export function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
