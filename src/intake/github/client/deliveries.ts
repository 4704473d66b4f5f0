import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { Id, Name, Time } from '../payload.ts';
import { listIn } from './repository.ts';
import { type GithubRequests, understood } from './requests.ts';

const as = { kind: 'app' } as const;

const Delivery = z.object({ id: Id, guid: Name, delivered_at: Time, status_code: z.int() });
type Attempt = z.output<typeof Delivery>;
const Full = z.object({
  request: z.object({ headers: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

export interface MissedDelivery {
  readonly id: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Deliveries since then of which no attempt was taken, newest first. The host keeps them for three days. */
export async function* missedOf(requests: GithubRequests, since: Date): AsyncGenerator<MissedDelivery> {
  // Only an app has one list for all that it was to be told.
  if (!requests.isApp) return;
  const attempts = await attemptsSince(requests, since);
  const isTaken = ({ status_code: status }: Attempt) => status >= 200 && status < 300;
  const taken = new Set(attempts.filter(isTaken).map(({ guid }) => guid));
  for (const { guid, id } of attempts) {
    if (taken.has(guid)) continue;
    taken.add(guid);
    yield { id, headers: await headersOf(requests, id) };
  }
}

async function attemptsSince(requests: GithubRequests, since: Date): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for await (const page of requests.pages(as, 'GET /app/hook/deliveries', {})) {
    const all = listIn(requests, page.value).map((item) => understood(requests.places.name, Delivery, item));
    const wanted = all.filter(({ delivered_at: at }) => Date.parse(at) >= since.getTime());
    attempts.push(...wanted);
    if (wanted.length < all.length) break;
  }
  return attempts;
}

async function headersOf(requests: GithubRequests, id: string): Promise<MissedDelivery['headers']> {
  const route = 'GET /app/hook/deliveries/{delivery_id}';
  const { value } = await requests.send(as, route, { delivery_id: id });
  const headers = understood(requests.places.name, Full, value).request?.headers ?? {};
  const texts = Object.entries(headers).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts.map(([name, text]) => [name.toLowerCase(), String(text)]));
}

export async function redeliver(requests: GithubRequests, id: string): Promise<void> {
  const route = 'POST /app/hook/deliveries/{delivery_id}/attempts';
  if (!requests.isApp)
    throw new AppError('HOST_REFUSED', {
      host: requests.places.name,
      detail: `${route}: only an app may ask`,
    });
  await requests.send(as, route, { delivery_id: id });
}
