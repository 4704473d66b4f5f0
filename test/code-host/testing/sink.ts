import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../model.ts';

export interface Received {
  readonly event: string;
  readonly action: string | null;
  readonly guid: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly payload: Json;
}

export interface Sink {
  readonly url: string;
  /** In the order in which they came in. */
  readonly received: Received[];
  /** What the next deliveries are answered with. */
  status: number;
  /** `<event>` or `<event>.<action>` of each. */
  names(): readonly string[];
  close(): Promise<void>;
}

/** Takes deliveries in. */
export async function openSink(): Promise<Sink> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const payload = JSON.parse(raw) as Json;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({
        event: headers['x-github-event'] ?? '',
        action: typeof payload.action === 'string' ? payload.action : null,
        guid: headers['x-github-delivery'] ?? '',
        headers,
        raw,
        payload,
      });
      response.writeHead(sink.status).end('seen');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status: 202,
    names: () => received.map(({ event, action }) => (action === null ? event : `${event}.${action}`)),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
  return sink;
}
