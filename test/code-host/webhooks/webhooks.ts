import { createHmac, randomUUID } from 'node:crypto';
import { type Emission, type Kernel, nodeId, Refusal } from '../kernel.ts';
import type { Hook, Installation, Json } from '../model.ts';
import { accountById, organizationView } from '../views/accounts.ts';
import { surroundings } from '../views/repositories.ts';

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly hookId: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  deliveredAt: string;
  durationSeconds: number;
  status: string;
  /** 0 while it is under way. */
  statusCode: number;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The signed bytes; a redelivery sends the same. */
  readonly body: string;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}

/** What a test does to deliveries: the next `times` (all, if left out) of those events. */
export type Disturbance = {
  readonly events?: readonly string[];
  readonly times?: number;
} & (
  | { readonly kind: 'lose' | 'fail' | 'duplicate' | 'hold' }
  /** Sent that much later, and so behind those that came after it. */
  | { readonly kind: 'delay'; readonly ms: number }
);

/** GitHub waits no longer. */
const timeoutMs = 10_000;
/** Told to an app whatever it subscribed to. */
const alwaysTold = new Set(['installation', 'installation_repositories', 'github_app_authorization']);

/** Makes deliveries of what happens, signs and sends them in order, and remembers them for redelivery. */
export class Webhooks {
  readonly deliveries: Delivery[] = [];
  readonly #kernel: Kernel;
  readonly #chains = new Map<number, Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  #disturbances: { readonly rule: Disturbance; left: number }[] = [];
  #held: Delivery[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  emit(emission: Emission): void {
    for (const hook of this.#kernel.hooks.values()) {
      if (!hook.active || hook.url === '') continue;
      const told = this.#isTold(hook, emission);
      if (told.isTold) this.#disturbed(this.#deliveryOf(hook, emission, told.installation));
    }
  }

  disturb(rule: Disturbance): void {
    this.#disturbances.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** Deliveries are as they should be again; what is held stays held. */
  calm(): void {
    this.#disturbances = [];
  }

  get held(): readonly Delivery[] {
    return this.#held;
  }

  /** Sends what was held, in the order that `arrange` gives. */
  release(arrange: (held: readonly Delivery[]) => readonly Delivery[] = (held) => held): void {
    const held = this.#held;
    this.#held = [];
    for (const delivery of arrange(held)) this.#send(delivery);
  }

  /** Resolves once nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  of(hook: Hook): readonly Delivery[] {
    return this.deliveries.filter(({ hookId }) => hookId === hook.id).reverse();
  }

  redeliver(id: number): void {
    const delivery = this.deliveries.find((one) => one.id === id);
    if (!delivery) throw new Refusal(404, 'Not Found');
    const again: Delivery = {
      ...delivery,
      id: this.#kernel.nextId('delivery'),
      redelivery: true,
      status: 'pending',
      statusCode: 0,
    };
    this.deliveries.push(again);
    this.#send(again);
  }

  #isTold(
    { of, events }: Hook,
    emission: Emission,
  ): { readonly isTold: boolean; readonly installation: Installation | null } {
    const isWanted = events.includes('*') || events.includes(emission.event);
    if (of.kind === 'repository')
      return { isTold: isWanted && of.repositoryId === emission.repository?.id, installation: null };
    const installation = this.#installationFor(of.appId, emission) ?? null;
    return { isTold: installation !== null && (isWanted || alwaysTold.has(emission.event)), installation };
  }

  /** Undefined: the app is not told. */
  #installationFor(appId: number, emission: Emission): Installation | undefined {
    const { repository, installationId, organizationId } = emission;
    for (const installation of this.#kernel.installations.values()) {
      if (installation.appId !== appId) continue;
      if (installationId !== undefined) {
        if (installation.id === installationId) return installation;
        continue;
      }
      if (installation.suspendedAt !== null) continue;
      if (
        repository ? this.#kernel.sees(installation, repository) : installation.accountId === organizationId
      )
        return installation;
    }
    return undefined;
  }

  #deliveryOf(hook: Hook, emission: Emission, installation: Installation | null): Delivery {
    const kernel = this.#kernel;
    const { event, action, repository, organizationId } = emission;
    const payload: Json = {
      ...(action === null ? {} : { action }),
      ...(repository ? surroundings(kernel, repository) : {}),
      ...(organizationId === undefined
        ? {}
        : { organization: organizationView(kernel, kernel.account(organizationId)) }),
      ...emission.payload,
      sender: accountById(kernel, emission.senderId),
      ...(installation && !('installation' in emission.payload)
        ? { installation: { id: installation.id, node_id: nodeId('I', installation.id) } }
        : {}),
    };
    const body = JSON.stringify(payload);
    const guid = randomUUID();
    return {
      id: kernel.nextId('delivery'),
      guid,
      hookId: hook.id,
      event,
      action,
      installationId: installation?.id ?? null,
      repositoryId: repository?.id ?? null,
      redelivery: false,
      deliveredAt: kernel.now(),
      durationSeconds: 0,
      status: 'pending',
      statusCode: 0,
      url: hook.url,
      requestHeaders: headersOf(hook, event, guid, body),
      body,
      responseHeaders: {},
      responseBody: '',
    };
  }

  #disturbed(delivery: Delivery): void {
    const hit = this.#disturbances.find(
      ({ rule, left }) => left > 0 && (rule.events?.includes(delivery.event) ?? true),
    );
    if (hit) hit.left -= 1;
    const kind = hit?.rule.kind;
    // As in an outage of the host: no trace of it anywhere.
    if (kind === 'lose') return;
    this.deliveries.push(delivery);
    if (kind === 'fail') {
      delivery.status = 'failed to connect to host';
      delivery.statusCode = 502;
      return;
    }
    if (kind === 'hold') {
      this.#held.push(delivery);
      return;
    }
    if (hit?.rule.kind === 'delay') {
      this.#track(later(hit.rule.ms).then(() => this.#post(delivery)));
      return;
    }
    this.#send(delivery);
    if (kind === 'duplicate') this.#send(delivery);
  }

  #send(delivery: Delivery): void {
    const before = this.#chains.get(delivery.hookId) ?? Promise.resolve();
    const sent = before.then(() => this.#post(delivery));
    this.#chains.set(delivery.hookId, sent);
    this.#track(sent);
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work)).catch(() => undefined);
  }

  async #post(delivery: Delivery): Promise<void> {
    const started = performance.now();
    try {
      const response = await fetch(delivery.url, {
        method: 'POST',
        headers: delivery.requestHeaders,
        body: delivery.body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      delivery.responseHeaders = Object.fromEntries(response.headers);
      delivery.responseBody = (await response.text()).slice(0, 10_000);
      delivery.statusCode = response.status;
      delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      delivery.statusCode = isLate ? 504 : 502;
      delivery.status = isLate ? 'timed out' : 'failed to connect to host';
    }
    delivery.deliveredAt = this.#kernel.now();
    delivery.durationSeconds = Number(((performance.now() - started) / 1000).toFixed(2));
  }
}

function headersOf(hook: Hook, event: string, guid: string, body: string): Readonly<Record<string, string>> {
  const signature = (algorithm: string) => createHmac(algorithm, hook.secret).update(body).digest('hex');
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/d0ub1e5',
    'X-GitHub-Delivery': guid,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-ID': String(
      hook.of.kind === 'app' ? hook.of.appId : hook.of.repositoryId,
    ),
    'X-GitHub-Hook-Installation-Target-Type': hook.of.kind === 'app' ? 'integration' : 'repository',
    // GitHub sends none where no secret is set.
    ...(hook.secret === ''
      ? {}
      : {
          'X-Hub-Signature': `sha1=${signature('sha1')}`,
          'X-Hub-Signature-256': `sha256=${signature('sha256')}`,
        }),
  };
}

function later(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
