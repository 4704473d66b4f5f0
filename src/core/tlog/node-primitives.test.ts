import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, hex, vectors } from '../../../test/read-vectors.ts';
import {
  ed25519PoolVerifier,
  ed25519PrivateKey,
  ed25519Signer,
  ed25519Verifier,
  hmacSha256,
} from './node-primitives.ts';

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

const groups = vectors<Wycheproof>('ed25519/ed25519_test.json').testGroups;

test.each([
  ['on this thread', ed25519Verifier],
  ['on the thread pool', ed25519PoolVerifier],
])('%s every valid signature of Wycheproof verifies and every invalid one does not', async (_, verifier) => {
  const cases = groups.flatMap(({ publicKey, tests }) => {
    const verify = verifier(fromHex(publicKey.pk));
    return tests.map(async ({ tcId, msg, sig, result }) => ({
      tcId,
      isRight: (await verify(fromHex(msg), fromHex(sig))) === (result === 'valid'),
    }));
  });

  const checked = await Promise.all(cases);

  expect(checked).toHaveLength(151);
  expect(checked.filter(({ isRight }) => !isRight)).toEqual([]);
});

test('a seed gives the key and the signature of RFC 8032, section 7.1, test 1', () => {
  const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');

  const signer = ed25519Signer(ed25519PrivateKey(seed));

  expect(hex(signer.publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  expect(hex(signer.sign(new Uint8Array(0)))).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
});

test('HMAC-SHA-256 is that of Node for every key and message, whatever was hashed before', () => {
  const lengths = fc.oneof(fc.nat(300), fc.constantFrom(63, 64, 65, 65_535, 65_536, 65_537));
  const bytes = fc.tuple(lengths, fc.nat(255)).map(([length, fill]) => new Uint8Array(length).fill(fill));

  fc.assert(
    fc.property(bytes, bytes, (key, message) => {
      expect(hex(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'));
    }),
  );
});
