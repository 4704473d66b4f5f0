import { endpoints } from '../src/contract/endpoints.ts';
import { type PageCase, pageCases } from './page-cases.ts';
import { connectByHand, type PageDatabase } from './page-database.ts';
import { median, type Ratio } from './ratio.ts';
import { servePages } from './served-pages.ts';

const clients = 16;
/** Long enough for a few answers of the slowest; both sides take turns, so that what else the machine does meets both. */
const turnMs = 300;

/** What the pages ask over HTTP against the same rows asked by hand over `pg`, sixteen clients at a time on either side. */
export async function* benchPages(
  database: PageDatabase,
  { rounds, only }: { readonly rounds: number; readonly only: string },
): AsyncGenerator<Ratio> {
  await using served = await servePages(database, clients);
  const hands = await Promise.all(Array.from({ length: clients }, () => connectByHand(database.databaseUrl)));
  const asks = ({ page, query, byHand }: PageCase): Asks => {
    const path = `${endpoints[page].path}?${new URLSearchParams(query)}`;
    return {
      ours: () => served.get(path),
      byHand: async (client) => {
        for (const statement of byHand) await hands[client]?.query(statement);
      },
    };
  };
  try {
    // A server that has just been started runs slower code than one that has answered a few thousand requests.
    for (const one of pageCases) await answerMs(asks(one).ours);
    for (const one of pageCases.filter(({ name }) => name.includes(only)))
      yield await compare(one.name, rounds, asks(one));
  } finally {
    await Promise.all(hands.map((client) => client.end()));
  }
}

type Ask = (client: number) => Promise<unknown>;

interface Asks {
  readonly ours: Ask;
  readonly byHand: Ask;
}

async function compare(name: string, rounds: number, { ours, byHand }: Asks): Promise<Ratio> {
  const times: [number, number][] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const both: [number, number] = [await answerMs(ours), await answerMs(byHand)];
    // The first round warms both sides up.
    if (round > 0) times.push(both);
  }
  const own = median(times.map(([time]) => time));
  const hand = median(times.map(([, time]) => time));
  return {
    name,
    value: median(times.map(([one, other]) => one / other)),
    limit: 3,
    unit: '×',
    detail: `${own.toFixed(1)} ms to ${hand.toFixed(1)} ms by hand`,
  };
}

/** Milliseconds an answer, as one of the clients sees it, while all of them ask again as soon as they are answered. */
async function answerMs(ask: Ask): Promise<number> {
  const started = performance.now();
  let answers = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      do {
        await ask(client);
        answers += 1;
      } while (performance.now() - started < turnMs);
    }),
  );
  return ((performance.now() - started) * clients) / answers;
}
