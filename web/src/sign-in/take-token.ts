/**
 * The secret of a one-time link, taken out of the address at once: it must be neither in the history nor in a screenshot. A second
 * call (React draws twice while developing) gives the same one.
 */
export function takeToken(): string | undefined {
  const inAddress = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (inAddress) {
    taken = inAddress;
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }
  return taken;
}

let taken: string | undefined;
