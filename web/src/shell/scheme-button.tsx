import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';

const following = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const icons = { auto: IconSunMoon, light: IconSun, dark: IconMoon } as const;
const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Light, dark, as the system: one after the other. */
export function SchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = following[colorScheme];
  const Icon = icons[colorScheme];
  const label = `Appearance: ${words[colorScheme]}. Change to ${words[next]}`;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(next)}
    >
      <Icon size={17} stroke={1.75} />
    </ActionIcon>
  );
}
