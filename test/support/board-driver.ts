/**
 * `node board-driver.ts <data folder> <database> <repository>`: adds the repository to a board whose import stops after some
 * changes, says `<job id>` then, and waits to be killed.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { openRepositoryInThread } from '../../src/intake/git/thread-reader.ts';
import { pausedAfter } from './gated-reader.ts';
import { openBoard } from './open-board.ts';

const [dataFolder = '', databaseUrl = '', repository = ''] = process.argv.slice(2);
const gate = pausedAfter(openRepositoryInThread, 600);
const { board } = await openBoard({ dataFolder, databaseUrl }, { openRepository: gate.openRepository });
const { id } = await board.addRepository(repository, 'test');
await gate.reached;
writeSync(1, `${id}\n`);
