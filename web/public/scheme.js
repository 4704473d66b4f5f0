// Before the first paint, so that a dark page never flashes white; a file of its own, since no inline script is allowed.
(() => {
  let scheme = 'auto';
  try {
    scheme = localStorage.getItem('reentry-color-scheme') ?? 'auto';
  } catch {
    // Storage is switched off: follow the system.
  }
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light';
})();
