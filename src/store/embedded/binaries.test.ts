import { execFile } from 'node:child_process';
import { chmod, cp, readdir, readlink, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startScript } from '../testing/scripts.ts';
import { isRoot, temporaryFolder } from '../testing/temporary.ts';
import { type Binaries, findBinaries, linkLibraries } from './binaries.ts';

/** The package as npm leaves it when install scripts are off. */
async function freshPackage(): Promise<Binaries> {
  const { postgres } = await findBinaries();
  const root = join(await temporaryFolder(), 'package');
  await cp(resolve(dirname(postgres), '../..'), root, {
    recursive: true,
    filter: async (source) => !source.endsWith('/share') && !(await isLink(source)),
  });
  return { postgres: join(root, 'native/bin/postgres'), initdb: join(root, 'native/bin/initdb') };
}

async function isLink(path: string): Promise<boolean> {
  return readlink(path).then(
    () => true,
    () => false,
  );
}

async function version({ postgres }: Binaries, env: NodeJS.ProcessEnv): Promise<string> {
  return (await promisify(execFile)(postgres, ['--version'], { env })).stdout;
}

test('the libraries get the names that the programs look for, once, also by two starts at the same time', async () => {
  const binaries = await freshPackage();
  await expect(version(binaries, {})).rejects.toThrow(/libicu/);

  const environments = await Promise.all(
    Array.from({ length: 4 }, () => linkLibraries(binaries, '/nowhere')),
  );

  expect(environments).toEqual([{}, {}, {}, {}]);
  expect(await version(binaries, {})).toMatch(/^postgres \(PostgreSQL\) 18\./);
  const before = await readdir(join(dirname(binaries.postgres), '../lib'));
  await linkLibraries(binaries, '/nowhere');
  expect(await readdir(join(dirname(binaries.postgres), '../lib'))).toEqual(before);
});

test('where node_modules cannot be written the names are made elsewhere, and follow the package when it moves', async ({
  skip,
}) => {
  if (!isRoot) skip('needs root, to own what an ordinary user cannot write');
  const [first, second] = [await freshPackage(), await freshPackage()];
  const fallback = join(await temporaryFolder(), 'lib');
  await chmod(dirname(fallback), 0o777);
  const linkAs = async (binaries: Binaries) => {
    const script = startScript(
      `const { linkLibraries } = await import(store + 'embedded/binaries.ts');
       console.log(JSON.stringify(await linkLibraries(${JSON.stringify(binaries)}, ${JSON.stringify(fallback)})));`,
      { uid: 65_534 },
    );
    const environment = JSON.parse(await script.nextLine()) as NodeJS.ProcessEnv;
    script.child.stdin?.end();
    await script.ended;
    return environment;
  };

  const environment = await linkAs(first);
  expect(environment).toEqual({ LD_LIBRARY_PATH: fallback });
  expect(await version(first, environment)).toMatch(/ 18\./);

  await rm(resolve(dirname(first.postgres), '../..'), { recursive: true });
  expect(await version(second, await linkAs(second))).toMatch(/ 18\./);
});
