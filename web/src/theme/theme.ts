import { createTheme } from '@mantine/core';

/**
 * One accent, the system's font, small radii. Mantine would write its variables into a style element, which the content security
 * policy refuses: `theme.css` holds those that differ from its defaults, so what is changed here is changed there.
 */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The library behind scroll locking injects a style element for the scroll bar's gap; `scrollbar-gutter` keeps it instead.
    Modal: { defaultProps: { removeScrollProps: { removeScrollBar: false }, centered: true } },
  },
});

export const schemeKey = 'reentry-color-scheme';
