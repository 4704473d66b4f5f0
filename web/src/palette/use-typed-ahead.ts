import { useCallback, useEffect, useRef } from 'react';

/** While the palette's code is on its way, what is typed is kept for it: else it would be lost, or taken by the keys of the page below. */
export function useTypedAhead() {
  const typed = useRef('');
  const listening = useRef<AbortController>(undefined);
  const stop = useCallback(() => listening.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const keepTyped = useCallback(() => {
    stop();
    listening.current = new AbortController();
    window.addEventListener('keydown', keep, { capture: true, signal: listening.current.signal });
    function keep(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || [...event.key].length !== 1) return;
      typed.current += event.key;
      event.preventDefault();
      event.stopPropagation();
    }
  }, [stop]);

  const takeTyped = useCallback(() => {
    stop();
    const text = typed.current;
    typed.current = '';
    return text;
  }, [stop]);

  return { keepTyped, takeTyped };
}
