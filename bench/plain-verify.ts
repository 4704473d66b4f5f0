import { createHash, createHmac, createPublicKey, hash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEvidence } from '../src/archive.ts';
import { existingDataFolder } from '../src/store/data-folder.ts';

interface Loaded {
  readonly entry: Uint8Array;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
}

/** Loads both logs into memory; the returned work does every hash and signature check of `verify` and gives its milliseconds. */
export async function plainLoop(dataFolder: string): Promise<() => number> {
  const evidence = await openEvidence(await existingDataFolder(dataFolder));
  const logs: Record<'events' | 'evidence', Loaded[]> = { events: [], evidence: [] };
  for (const log of ['events', 'evidence'] as const) {
    const ledger = evidence.database?.ledger;
    if (!ledger) throw new Error('no database');
    for await (const page of ledger.readSealed(log, 0, await ledger.size(log))) {
      for (const { entry, salt, payload } of page)
        if (salt && payload) logs[log].push({ entry, salt, payload });
    }
  }
  await evidence.close();
  const key = createPublicKey(readFileSync(join(dataFolder, 'keys', 'statements.pub')));
  return () => {
    const started = performance.now();
    for (const entries of Object.values(logs)) checkLog(entries);
    for (const { payload } of logs.evidence) checkEnvelope(payload, key);
    return performance.now() - started;
  };
}

function checkLog(entries: readonly Loaded[]): void {
  let level: Buffer[] = [];
  for (const { entry, salt, payload } of entries) {
    const commitment = createHmac('sha256', salt).update(payload).digest();
    if (commitment.compare(entry, 26) !== 0) throw new Error('a commitment does not hold');
    level.push(hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'buffer'));
  }
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left)
        next.push(right ? hash('sha256', Buffer.concat([Buffer.of(1), left, right]), 'buffer') : left);
    }
    level = next;
  }
}

function checkEnvelope(payload: Uint8Array, key: Parameters<typeof verify>[2]): void {
  const envelope = JSON.parse(Buffer.from(payload).toString('utf8')) as {
    payload: string;
    payloadType: string;
    signatures: { sig: string }[];
  };
  const body = Buffer.from(envelope.payload, 'base64');
  const head = Buffer.from(`DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${body.length} `);
  const signature = Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64');
  if (!verify(null, Buffer.concat([head, body]), key, signature))
    throw new Error('a signature does not hold');
  createHash('sha256').update(body).digest();
}
