import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '..');
const styles = join(source, '../../node_modules/@mantine/core/styles');

test('every Mantine component that a page imports has its styles in mantine.css', () => {
  const listed = readFileSync(join(source, 'theme/mantine.css'), 'utf8');

  const missing = importedComponents().filter(
    (name) => existsSync(join(styles, `${name}.layer.css`)) && !listed.includes(`/${name}.layer.css'`),
  );

  expect(missing).toEqual([]);
});

function importedComponents(): readonly string[] {
  const names = globSync('**/*.tsx', { cwd: source }).flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(
      ([, list = '']) => list.match(/\b[A-Z]\w*/g) ?? [],
    );
  });
  return [...new Set(names)];
}
