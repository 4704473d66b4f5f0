/** Shapes that payloads share. Unknown fields are left out, so nothing of a payload is kept that is not named here. */
import { z } from 'zod';
import { nameIn } from './host-name.ts';
import { hostTime } from './host-time.ts';

/** Longer than any name or title at GitHub; more would make a fact as large as a sender likes. */
const maxText = 1_024;

export const Text = z
  .string()
  .transform((text) => (text.length > maxText ? `${text.slice(0, maxText)}…` : text));
export const OptionalText = Text.nullish().transform((text) => text ?? null);
/** A name that something is known by: never empty. */
export const Name = z.string().min(1).pipe(Text);
export const OptionalFlag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? null);

/** For what marks another event: the header that names the event is not signed. */
export const Absent = z.never().optional();

/** Beyond 2^53 a number would have been rounded to somebody else's id. */
const Whole = z.int().nonnegative();
export const Id = Whole.transform(String);
export const OptionalId = Id.nullish().transform((id) => id ?? null);
/** Of a pull request, alert or attempt. */
export const Count = z.int().positive();
export const OptionalCount = Count.nullish().transform((count) => count ?? null);

export const Sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a commit id');
export const OptionalSha = Sha.nullish().transform((sha) => sha ?? null);

/** A time that cannot be read is none; only what needs one refuses that. */
export const OptionalTime = z.union([z.string(), z.number()]).nullish().transform(hostTime);
export const Time = OptionalTime.refine((time) => time !== null, 'must be a time').transform(
  (time) => time ?? '',
);

export const Url = z
  .string()
  .nullish()
  .transform((text) =>
    text && text.length <= 2_048 && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null,
  );

const KnownAccount = z.object({ id: Whole, login: Name, type: z.string().nullish() });
/** Null for a deleted account; `unreadable` for an object that says nobody. */
export const Account = z
  .union([KnownAccount, z.looseObject({}).transform(() => 'unreadable' as const)])
  .nullish()
  .transform((account) => account ?? null);
export type Account = z.output<typeof Account>;

const fullName = /^[^/\s]{1,200}\/[^/\s]{1,200}$/;
export const FullName = z.string().regex(fullName, 'must be owner/name');

export const Repository = z.object({
  id: Id,
  name: Name,
  full_name: FullName,
  html_url: z.string().refine((url) => nameIn(url) !== undefined, 'must be an address'),
  default_branch: OptionalText,
  owner: Account,
});
export type Repository = z.output<typeof Repository>;

/** Items of a list that could be read, and how many others there were. */
export interface Items<Item> {
  readonly items: readonly Item[];
  readonly unreadable: number;
  readonly beyond: number;
}

/** A list in which one malformed item does not cost the others, cut at `limit`; null where there is none. */
export function listOf<Item>(item: z.ZodType<Item>, limit = 100) {
  return z
    .array(z.unknown())
    .nullish()
    .transform((given): Items<Item> | null => {
      if (!given) return null;
      const parsed = given.slice(0, limit).map((one) => item.safeParse(one));
      const items = parsed.flatMap((one) => (one.success ? [one.data] : []));
      return { items, unreadable: parsed.length - items.length, beyond: given.length - parsed.length };
    });
}

/** Number of characters; the text itself is dropped. */
export const TextLength = z
  .string()
  .nullish()
  .transform((text) => lengthOf(text ?? ''));

/** In characters, not in UTF-16 units: a pair of surrogates is one. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 1; at < text.length; at += 1) {
    if (isSurrogate(text, at, 0xdc00) && isSurrogate(text, at - 1, 0xd800)) length -= 1;
  }
  return length;
}

/** Low ones begin at U+DC00, high ones at U+D800; there are 1,024 of each. */
function isSurrogate(text: string, at: number, first: number): boolean {
  const code = text.charCodeAt(at);
  return code >= first && code < first + 0x400;
}

export const refsHeads = 'refs/heads/';

export function branchOf(ref: string): string {
  return ref.startsWith(refsHeads) ? ref.slice(refsHeads.length) : ref;
}

/** What any delivery may have beside the thing that it is about. */
const around = new Set([
  'action',
  'repository',
  'organization',
  'enterprise',
  'installation',
  'sender',
  'changes',
]);

/**
 * For events about the repository itself: a star or a label has the same actions in the same repository, and the header that
 * tells them apart is not signed.
 */
export const NothingElse = z
  .looseObject({})
  .refine((payload) => Object.keys(payload).every((key) => around.has(key)), 'the body is of another event');

/** Where a value was wrong and why, in one line; never the value. */
export function whatIsWrong({ issues }: z.ZodError): string {
  const [first, ...others] = issues;
  if (first === undefined) return 'it cannot be read';
  const place = first.path.map(String).join('.').slice(0, 200);
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `${place}: ${first.message.slice(0, 200)}${more}`;
}
