import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { HostileText } from './hostile-text.tsx';
import classes from './kit.module.css';
import { Num } from './num.tsx';

export interface FilterOption {
  readonly value: string;
  /** Drawn instead of the value: a badge, a name. */
  readonly label?: ReactNode;
  /** Words to search and to show on the closed button; the value where absent. */
  readonly words?: string;
  readonly count?: number;
}

/** A filter with several values: a button that says what is chosen, and a list with counts behind it. */
export function FilterSelect({
  label,
  options,
  chosen,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly FilterOption[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const [text, setText] = useState('');
  const all = withChosen(options, chosen);
  const shown = all.filter(({ value, words }) =>
    (words ?? value).toLowerCase().includes(text.trim().toLowerCase()),
  );
  function toggle(value: string) {
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  }
  return (
    <Popover
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      width={300}
      onClose={() => setText('')}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant={chosen.length > 0 ? 'light' : 'default'}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          classNames={{ label: classes.filterWords }}
        >
          {chosen.length === 0 ? label : `${label}: ${wordsOf(all, chosen)}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={`Filter by ${label.toLowerCase()}`}>
        {all.length > 8 && (
          <TextInput
            size="xs"
            p={8}
            placeholder="Find…"
            aria-label={`Find in ${label.toLowerCase()}`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <ul className={classes.filterList}>
          {shown.map(({ value, label: drawn, count }) => (
            <li key={value}>
              <Checkbox
                size="xs"
                checked={chosen.includes(value)}
                onChange={() => toggle(value)}
                label={drawn ?? <HostileText text={value} limit={60} expandable={false} />}
                styles={{ body: { alignItems: 'center' } }}
              />
              {count !== undefined && (
                <span className="dimmed">
                  <Num value={count} />
                </span>
              )}
            </li>
          ))}
          {shown.length === 0 && <li className="dimmed">Nothing matches.</li>}
        </ul>
        {chosen.length > 0 && (
          <div className={classes.filterFoot}>
            <Button size="compact-xs" variant="subtle" onClick={() => onChange([])}>
              Clear
            </Button>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** What is chosen stays in the list, also when no row has it any more. */
function withChosen(options: readonly FilterOption[], chosen: readonly string[]): readonly FilterOption[] {
  const missing = chosen.filter((value) => !options.some((option) => option.value === value));
  return [...options, ...missing.map((value) => ({ value, count: 0 }))];
}

function wordsOf(options: readonly FilterOption[], chosen: readonly string[]): string {
  const words = chosen.map((value) => options.find((option) => option.value === value)?.words ?? value);
  return words.length <= 2 ? words.join(', ') : `${words[0]} and ${words.length - 1} more`;
}
