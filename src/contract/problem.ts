import { z } from 'zod';

/** How every refusal looks (RFC 9457, `application/problem+json`). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** From the error table (docs/errors.md). */
  code: z.string(),
  detail: z.string(),
  /** What to do now. */
  action: z.string(),
  requestId: z.string(),
  /** Which inputs are wrong, and why. */
  mistakes: z.array(z.object({ at: z.string(), because: z.string() })).optional(),
});
export type Problem = z.output<typeof Problem>;
