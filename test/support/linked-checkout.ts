import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './checkout.ts';

/**
 * A copy of this checkout that counts as installed: its packages are links to ours. What `npm start` runs there cannot
 * touch the packages that the tests run on.
 */
export async function linkedCheckout(path: string): Promise<void> {
  await mkdir(path);
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'scripts', 'src']) {
    await cp(join(checkout, name), join(path, name), { recursive: true });
  }
  await mkdir(join(path, 'node_modules'));
  const packages = await readdir(join(checkout, 'node_modules'));
  for (const name of packages.filter((entry) => entry === '.bin' || !entry.startsWith('.'))) {
    await symlink(join(checkout, 'node_modules', name), join(path, 'node_modules', name));
  }
  const lock = createHash('sha256')
    .update(await readFile(join(path, 'package-lock.json')))
    .digest('hex');
  await writeFile(join(path, 'node_modules', '.reentry-install'), `${lock} production\n`);
}
