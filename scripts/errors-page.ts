/** Writes docs/errors.md from the error table: `node scripts/errors-page.ts`. A test holds the two equal. */
import { writeFileSync } from 'node:fs';
import { errorsPage } from '../src/core/errors-page.ts';

writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
