import { hash } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { Capture } from '../core/evidence/capture.ts';
import { hostObserved } from '../core/evidence/fact.ts';
import type { HostObservation } from '../core/host/observation.ts';
import type {
  DeliveryLabel,
  DeliveryReading,
  DeliveryReceiver,
  DeliveryRow,
  DeliveryStore,
  RawDelivery,
  Receipt,
  WebhookReader,
} from './delivery-ports.ts';
import type { Archive } from './ports.ts';
import { recordFacts } from './record-facts.ts';

export interface ReceiveDeliveries extends Pick<Archive, 'ledger' | 'surroundings'> {
  readonly webhooks: WebhookReader;
  readonly deliveries: DeliveryStore;
  /** What was stored just now; is not waited for. */
  readonly onStored?: (observations: readonly HostObservation[]) => void;
  /** From the last byte of a delivery to its answer. GitHub gives up after ten seconds. */
  readonly budgetMs?: number;
  /** Deliveries that may be under way at once. */
  readonly maxUnderWay?: number;
}

const defaultBudgetMs = 5_000;
const defaultMaxUnderWay = 4_096;
/** How long to wait where too many are under way: most of them are done by then. */
const waitSeconds = 5;

/** What arrives later than this was not captured as it happened, however it came. */
const liveMs = 60 * 60_000;

/** Rows a minute for deliveries that nobody signed: who has no secret must not fill the disk. */
const refusalsPerMinute = 30;
const minuteMs = 60_000;
const maxDetail = 2_000;

/**
 * Takes the webhooks of one host: verifies, seals what they tell as facts of the events log, then writes the line of
 * bookkeeping, then answers. A delivery that comes again adds nothing.
 */
export class DeliveryIntake implements DeliveryReceiver {
  readonly #parts: ReceiveDeliveries;
  readonly #refusals: Refusals;
  #underWay = 0;

  constructor(parts: ReceiveDeliveries) {
    this.#parts = parts;
    this.#refusals = new Refusals(refusalsPerMinute);
  }

  async receive(delivery: RawDelivery): Promise<Receipt> {
    const { maxUnderWay = defaultMaxUnderWay, budgetMs = defaultBudgetMs } = this.#parts;
    if (this.#underWay >= maxUnderWay) throw new AppError('RATE_LIMITED', { seconds: waitSeconds });
    this.#underWay += 1;
    // Goes on beyond the budget: what has begun is finished, and counts until it is.
    const work = this.#receive(delivery).finally(() => {
      this.#underWay -= 1;
    });
    return within(work, budgetMs);
  }

  async #receive(delivery: RawDelivery): Promise<Receipt> {
    const { webhooks, deliveries } = this.#parts;
    const label = webhooks.label(delivery);
    const signature = await webhooks.verify(delivery);
    if (!signature.ok) return this.#refuse(delivery, label, signature.because);
    const { deliveryId } = label;
    if (deliveryId !== null && (await deliveries.isStored(webhooks.host, deliveryId))) {
      const detail = 'a delivery of this id was stored before';
      return this.#note(delivery, label, { outcome: 'duplicate', facts: 0, detail, action: null });
    }
    const reading = webhooks.read(delivery);
    const receipt = await this.#store(delivery, reading);
    return this.#note(delivery, label, { ...receipt, action: reading.action });
  }

  async #store({ receivedAt }: RawDelivery, reading: DeliveryReading): Promise<Receipt> {
    if (reading.result !== 'observed') {
      const detail = [reading.because, ...reading.remarks].join('; ');
      return { outcome: reading.result, facts: 0, detail };
    }
    const { observations } = reading;
    const remarks = reading.remarks.join('; ');
    if (observations.length === 0)
      return { outcome: 'ignored', facts: 0, detail: remarks || 'it tells nothing' };
    const at = receivedAt.toISOString();
    const { entries } = await recordFacts(
      this.#parts,
      observations.map((data, index) =>
        hostObserved(data, { at, capture: captureOf(data, receivedAt), index }),
      ),
    );
    const facts = entries.filter(({ duplicate }) => !duplicate).length;
    if (facts > 0) this.#parts.onStored?.(observations);
    if (facts > 0) return { outcome: 'stored', facts, detail: remarks || null };
    return { outcome: 'duplicate', facts, detail: 'the same bytes were stored before, under whatever id' };
  }

  async #refuse(delivery: RawDelivery, label: DeliveryLabel, because: string): Promise<Receipt> {
    const refused = { outcome: 'refused', facts: 0, detail: because } as const;
    const unlisted = this.#refusals.take(delivery.receivedAt);
    if (unlisted === undefined) return refused;
    const detail = unlisted === 0 ? because : `${because}; ${unlisted} more before it are not listed`;
    await this.#note(delivery, label, { ...refused, detail, action: null });
    return refused;
  }

  async #note(
    { body, receivedAt }: RawDelivery,
    label: DeliveryLabel,
    { action, ...receipt }: Receipt & Pick<DeliveryRow, 'action'>,
  ): Promise<Receipt> {
    const { webhooks, deliveries } = this.#parts;
    const detail = receipt.detail === null ? null : receipt.detail.slice(0, maxDetail);
    await deliveries.add({
      host: webhooks.host,
      ...label,
      action,
      receivedAt: receivedAt.toISOString(),
      ...receipt,
      detail,
      bytes: body.length,
      digest: hash('sha256', body, 'buffer'),
    });
    return { ...receipt, detail };
  }
}

/** A webhook tells what just happened, unless it was sent again days later, or an app reports what it did long ago. */
function captureOf({ occurredAt }: HostObservation, receivedAt: Date): Capture {
  return receivedAt.getTime() - Date.parse(occurredAt) <= liveMs ? 'live' : 'backfilled';
}

async function within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('SERVER_BUSY')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Which refusals are worth a row: so many a minute, the others are counted. */
class Refusals {
  readonly #perMinute: number;
  #minute = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #unlisted = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** How many went unlisted before this one; undefined where it goes unlisted itself. */
  take(at: Date): number | undefined {
    const minute = Math.floor(at.getTime() / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#taken = 0;
    }
    if (this.#taken >= this.#perMinute) {
      this.#unlisted += 1;
      return undefined;
    }
    this.#taken += 1;
    const unlisted = this.#unlisted;
    this.#unlisted = 0;
    return unlisted;
  }
}
