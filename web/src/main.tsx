import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from './api/client.ts';
import { createPages } from './router.tsx';
import { schemeKey, theme } from './theme/theme.ts';
import './theme/theme.css';

const client = createClient(toSignIn);
const router = createPages(client);
const colorScheme = localStorageColorSchemeManager({ key: schemeKey });

function toSignIn(): void {
  const { pathname, href } = router.latestLocation;
  if (pathname === '/sign-in' || pathname === '/welcome') return;
  void router.navigate({ to: '/sign-in', search: href === '/' ? {} : { return: href }, replace: true });
}

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
