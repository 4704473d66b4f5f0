import type { StatementSigner } from '../app/ports.ts';
import { signEnvelope } from '../core/evidence/dsse.ts';
import type { StatementKey } from './keys.ts';

/** Signs statements as DSSE envelopes under the deployment's statement key. */
export function statementSigner(key: StatementKey): StatementSigner {
  return {
    keyId: key.keyId,
    sign: (payloadType, payload) => signEnvelope(payloadType, payload, key),
  };
}
