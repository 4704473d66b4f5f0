import type { TrustedKeys } from '../../../src/core/evidence/bundle-keys.ts';
import type { NotABundle } from '../../../src/core/evidence/evidence-bundle.ts';
import {
  type BundleVerification,
  verifyBundle,
  verifyBundleText,
} from '../../../src/core/evidence/verify-bundle.ts';
import { webPrimitives } from './web-primitives.ts';

/** What this browser made of a bundle; `no-crypto` where the page may not compute. */
export type BundleCheck = BundleVerification | NotABundle | { readonly ok: 'no-crypto' };

/** Checks a bundle in this page, without a request: the text of a file, or what an answer of the server held. */
export async function checkBundle(
  bundle: { readonly text: string } | { readonly value: unknown },
  trusted: TrustedKeys = {},
): Promise<BundleCheck> {
  const primitives = webPrimitives();
  if (!primitives) return { ok: 'no-crypto' };
  try {
    return await ('text' in bundle
      ? verifyBundleText(bundle.text, primitives, trusted)
      : verifyBundle(bundle.value, primitives, trusted));
  } catch (error) {
    return { ok: false, because: `This browser failed while it computed: ${String(error)}` };
  }
}
