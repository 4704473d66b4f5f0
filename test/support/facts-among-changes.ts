import { join } from 'node:path';
import { rebuildProjections } from '../../src/app/rebuild-projections.ts';
import type { OpenArchive } from '../../src/cli/world.ts';
import { priorModel } from '../../src/core/risk/prior-model.ts';
import { importFrom, withArchive } from './archive.ts';
import { createHistory } from './git-history.ts';
import { makePlace } from './place.ts';
import { openWorkbench } from './workbench.ts';

/**
 * A log of 80 changes, one of which is learned again, in which other facts stand before, between, during and after the imports, as
 * many as `times` says of each; verified, rebuilt, and verified again.
 */
export async function factsAmongChanges(
  add: (archive: OpenArchive, times: number) => Promise<void>,
  times: {
    readonly before: number;
    readonly between: number;
    readonly during: number;
    readonly after: number;
  },
) {
  await using place = await makePlace();
  const path = join(place.path, 'data');
  const history = await createHistory(join(place.path, 'shop.git'));
  await withArchive(path, async (archive) => {
    await add(archive, times.before);
    await history.grow(40);
    await importFrom(archive, history.path);
    await add(archive, times.between);
    await history.grow(40);
    await history.note(5);
    const growing = importFrom(archive, history.path);
    await add(archive, times.during);
    await growing;
    await add(archive, times.after);
    await archive.events.publish();
  });
  await using bench = await openWorkbench(path, path);
  const before = await bench.verify();
  const rebuild = await bench.withArchive((archive) => rebuildProjections(archive, priorModel));
  return { before, rebuild, after: await bench.verify() };
}
