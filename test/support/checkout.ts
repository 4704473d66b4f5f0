import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));
export const mainFile = join(checkout, 'src', 'main.ts');

/** For child processes: nothing of the machine's own settings leaks into a test. The cache is the one of `npm start`. */
export const bareEnvironment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NODE_COMPILE_CACHE: join(checkout, 'node_modules', '.cache', 'compiled'),
};
