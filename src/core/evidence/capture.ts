/** How an item came to us: as it happened, or rebuilt from history afterwards. */
export type Capture = 'live' | 'backfilled';
