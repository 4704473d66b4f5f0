/** How long one piece of work may keep the thread: whoever waits for a page does not notice. */
const turnMs = 15;

/**
 * For loops over much that is computed without waiting: `await breathe()` after each item lets timers, requests and other
 * work have their turn every few milliseconds. Without it a batch of some hundred changes would keep them waiting for seconds.
 */
export function breathing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < turnMs) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
