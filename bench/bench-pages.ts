/**
 * What the pages ask for at 100,000 changes, against statements that somebody would write by hand over the same rows:
 * `node bench/bench-pages.ts [--changes N] [--rounds N] [--only TEXT] [--http]`. Without `--http` the store's methods are asked one
 * after the other; with it, 16 clients ask `reentry serve` over HTTP and 16 database connections ask by hand.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type PageCase, pageCases } from './page-cases.ts';
import { type Asker, httpAsker, storeAsker } from './page-clients.ts';
import { connectByHand, createPageDatabase, type PageDatabase } from './page-database.ts';
import { median, type Ratio, ratioLine } from './ratio.ts';

interface PageBench {
  readonly database: PageDatabase;
  readonly asker: Asker;
  readonly clients: number;
  readonly rounds: number;
}

/** One ratio a case, as they are measured. */
export async function* benchPages(bench: PageBench, only = ''): AsyncGenerator<Ratio> {
  const hands = await Promise.all(
    Array.from({ length: bench.clients }, () => connectByHand(bench.database.databaseUrl)),
  );
  try {
    for (const one of pageCases.filter(({ name }) => name.includes(only)))
      yield await measureCase(bench, hands, one);
  } finally {
    await Promise.all(hands.map((client) => client.end()));
  }
}

type Hand = Awaited<ReturnType<typeof connectByHand>>;

async function measureCase(
  { asker, clients, rounds }: PageBench,
  hands: readonly Hand[],
  { name, page, query, byHand }: PageCase,
): Promise<Ratio> {
  const ask = () => asker.ask(page, query);
  const askByHand = async (client: number) => {
    for (const statement of byHand) await hands[client]?.query(statement);
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const both = [await answerMs(ask, clients), await answerMs(askByHand, clients)] as const;
    // The first round warms both sides up.
    if (round === 0) continue;
    ours.push(both[0]);
    theirs.push(both[1]);
  }
  const [own, hand] = [median(ours), median(theirs)];
  return {
    name,
    value: own / hand,
    limit: 3,
    unit: '×',
    detail: `${own.toFixed(2)} ms to ${hand.toFixed(2)} ms by hand`,
  };
}

const measuredMs = 600;

/** Milliseconds an answer, as one of the clients sees it, while all of them ask again as soon as they are answered. */
async function answerMs(ask: (client: number) => Promise<unknown>, clients: number): Promise<number> {
  const started = performance.now();
  let answers = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      do {
        await ask(client);
        answers += 1;
      } while (performance.now() - started < measuredMs);
    }),
  );
  return ((performance.now() - started) * clients) / answers;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      changes: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      http: { type: 'boolean', default: false },
    },
  });
  const clients = values.http ? 16 : 1;
  await using database = await createPageDatabase(Number(values.changes));
  console.log(
    `${values.changes} changes, inserted in ${database.secondsToInsert.toFixed(0)} s; ${clients} clients`,
  );
  await using asker = values.http ? await httpAsker(database, clients) : await storeAsker(database);
  let over = 0;
  for await (const ratio of benchPages(
    { database, asker, clients, rounds: Number(values.rounds) },
    values.only,
  )) {
    if (ratio.value > ratio.limit) over += 1;
    console.log(ratioLine(ratio));
  }
  return over > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main();
