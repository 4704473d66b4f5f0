import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Panel, Section } from '../kit/page.tsx';

const schemes = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Appearance" meta="In this browser" id="appearance">
      <Panel>
        <SegmentedControl
          aria-label="Appearance"
          data={[...schemes]}
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find((one) => one.value === value)?.value ?? 'auto')}
        />
      </Panel>
    </Section>
  );
}
