// What cannot wait for the pages' code; a file of its own, since no inline script is allowed.
(() => {
  // Before the first paint, so that a dark page never flashes white.
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('reentry-color-scheme') ?? 'auto';
  } catch {
    // Storage is switched off: follow the system.
  }
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light';

  // While that code is on its way and read: when it asks for these, the browser hands it the answers that are there already.
  if (location.pathname !== '/') return;
  for (const href of ['/api/v1/overview', '/api/v1/me']) {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href });
    document.head.append(link);
  }
})();
