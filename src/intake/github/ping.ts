import { z } from 'zod';
import { listOf, Name } from './payload.ts';
import type { Reading } from './reading.ts';

const Ping = z.object({
  hook: z.object({ type: z.string().nullish(), events: listOf(Name, 200) }),
});

/** `ping`: GitHub tells a new webhook that it is there. Nothing happened; but which events it will never send is worth knowing. */
export function readPing(payload: unknown, used: readonly string[]): Reading {
  const ping = Ping.safeParse(payload);
  const sent = new Set(ping.success ? ping.data.hook.events?.items : []);
  if (!ping.success || sent.size === 0) return { result: 'ignored', because: 'a ping' };
  const isApp = ping.data.hook.type === 'App';
  const missing = used.filter(
    (event) => !sent.has(event) && !toAppsUnasked.has(event) && (isApp || !toAppsOnly.has(event)),
  );
  const isAll = sent.has('*') || missing.length === 0;
  return {
    result: 'ignored',
    because: `a ping; ${isAll ? 'all is sent' : `not sent: ${missing.join(', ')}`}`,
  };
}

/** To an app, whatever it has asked for; to a webhook of a repository or organisation never. */
const toAppsUnasked = new Set(['installation', 'installation_repositories']);
const toAppsOnly = new Set(['merge_group']);
