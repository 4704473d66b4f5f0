/** `npm run bench -- <repository> …`: see bench/run.ts. */
await import('../bench/run.ts');
