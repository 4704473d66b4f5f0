import { z } from 'zod';

const Page = z.object({ html_url: z.string() });
const Api = z.object({ url: z.string() });

const Places = z.object({
  repository: z.unknown().optional(),
  organization: z.unknown().optional(),
  installation: z.unknown().optional(),
  sender: z.unknown().optional(),
  enterprise: z.unknown().optional(),
});

/**
 * The host that a payload comes from, without a port: `github.com`, or an Enterprise Server's own name. It is the one that
 * pages are on (`html_url`); an organisation has only an address of the API, `api.<host>` or `<host>/api/v3`.
 */
export function hostNameOf(payload: unknown): string | undefined {
  const places = Places.safeParse(payload);
  if (!places.success) return undefined;
  const { repository, organization, installation, sender, enterprise } = places.data;
  for (const place of [repository, installation, organization, sender, enterprise]) {
    const page = Page.safeParse(place);
    const name = page.success ? nameIn(page.data.html_url) : undefined;
    if (name !== undefined) return name;
  }
  const api = Api.safeParse(organization);
  return api.success ? nameIn(api.data.url)?.replace(/^api\./, '') : undefined;
}

export function nameIn(url: string): string | undefined {
  if (url.length > 2_048 || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname;
}
