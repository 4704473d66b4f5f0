import type { RawDelivery, WebhookReader } from '../../app/delivery-ports.ts';
import { parseDelivery } from './parse-delivery.ts';
import { verifySignature } from './verify-signature.ts';

/** GitHub's webhooks, of github.com and of Enterprise Servers; any of the secrets may have signed. */
export function githubWebhooks(secrets: readonly string[]): WebhookReader {
  return {
    host: 'github',
    label: (delivery) => ({ deliveryId: deliveryIdOf(delivery), event: eventOf(delivery) }),
    verify: ({ body, headers }) => verifySignature(body, headers['x-hub-signature-256'], secrets),
    read: (delivery) =>
      parseDelivery({
        event: eventOf(delivery),
        deliveryId: deliveryIdOf(delivery),
        contentType: delivery.headers['content-type'],
        body: delivery.body,
        receivedAt: delivery.receivedAt,
      }),
  };
}

/** GitHub's is a GUID. */
function deliveryIdOf({ headers }: RawDelivery): string | null {
  const id = headers['x-github-delivery'] ?? '';
  return /^[\w-]{8,64}$/.test(id) ? id : null;
}

function eventOf({ headers }: RawDelivery): string | null {
  const event = headers['x-github-event'] ?? '';
  return /^[a-z_]{1,64}$/.test(event) ? event : null;
}
