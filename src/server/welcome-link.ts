/** The one-time link; what follows `#` is not sent by browsers, so it reaches no log on the way. */
export function welcomeLink(baseUrl: string, token: string): string {
  return `${baseUrl}/welcome#token=${encodeURIComponent(token)}`;
}
