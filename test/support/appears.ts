import { stat } from 'node:fs/promises';
import { vi } from 'vitest';

/** Resolves once the file or folder is there. */
export async function appears(path: string): Promise<void> {
  await vi.waitFor(() => stat(path), { timeout: 60_000, interval: 10 });
}
