import react from '@vitejs/plugin-react';
import presetMantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:8620';

/** `vite build web` writes `web/dist`, which the server serves; `vite web` is for working on the pages beside a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  css: { postcss: { plugins: [presetMantine()] } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Data URLs would need `img-src data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox121', 'safari17.5'],
    chunkSizeWarningLimit: 700,
    // All that the first page needs in one file: many small ones wait for each other's connections.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: {
    proxy: {
      '/api': server,
      '/healthz': server,
      // The pages /log and /log/<name> are ours, the published files below them are the server's.
      '^/log/[^/]+/.+': server,
    },
  },
});
