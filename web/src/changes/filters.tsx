import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Facets } from '../../../src/contract/changes.ts';
import { type FilterOption, FilterSelect } from '../kit/filter-select.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { type ActorClass, type Band, BandBadge, ClassBadge, LevelLadder, levelWords } from '../kit/signs.tsx';
import type { ChangesSearch } from '../route-search.ts';
import { type ActiveFilter, activeFilters, type ListFilter, withSearch } from './change-search.ts';
import styles from './changes.module.css';

type Go = (search: ChangesSearch, options?: { readonly replace?: boolean }) => void;

const filters: readonly (readonly [name: ListFilter, label: string])[] = [
  ['class', 'Made by'],
  ['band', 'Risk'],
  ['agent', 'Agent'],
  ['model', 'Model'],
  ['repo', 'Repository'],
  ['level', 'Level'],
  ['kind', 'Kind'],
];

export function Filters({
  search,
  facets,
  onSearch,
  searchBox,
}: {
  readonly search: ChangesSearch;
  readonly facets: Facets | undefined;
  readonly onSearch: Go;
  readonly searchBox: RefObject<HTMLInputElement | null>;
}) {
  return (
    <search className={`${styles.tools} no-print`}>
      <div className={styles.row}>
        <SearchBox search={search} onSearch={onSearch} searchBox={searchBox} />
        <Dates search={search} onSearch={onSearch} />
        <Flag name="contradictions" label="Contradictions" search={search} onSearch={onSearch} />
        <Flag name="gaps" label="Gaps" search={search} onSearch={onSearch} />
      </div>
      <div className={styles.row}>
        {filters.map(([name, label]) => (
          <FilterSelect
            key={name}
            label={label}
            options={(facets?.[name] ?? []).map(({ value, changes }) => option(name, value, changes))}
            chosen={search[name] ?? []}
            onChange={(chosen) => onSearch(withSearch(search, { [name]: chosen }))}
          />
        ))}
      </div>
      <Chips search={search} onSearch={onSearch} />
    </search>
  );
}

function option(name: ListFilter, value: string, count: number): FilterOption {
  const words = wordsOf(name, value);
  switch (name) {
    case 'class':
      return { value, count, words, label: <ClassBadge value={value as ActorClass} plain /> };
    case 'band':
      return { value, count, words, label: <BandBadge band={value as Band} plain /> };
    case 'level':
      return { value, count, words, label: <LevelLadder level={value === 'none' ? null : Number(value)} /> };
    case 'kind':
      return { value, count, words, label: words };
    case 'agent':
    case 'model':
    case 'repo':
      return { value, count };
  }
}

const kindWords: Readonly<Record<string, string>> = {
  pull_request: 'pull request',
  direct_push: 'direct push',
};

function wordsOf(name: string, value: string): string {
  if (name === 'kind') return kindWords[value] ?? value;
  if (name === 'level') return value === 'none' ? 'no claim' : `${value} ${levelWords[Number(value)] ?? ''}`;
  return value;
}

const typingMs = 250;

function SearchBox({
  search,
  onSearch,
  searchBox,
}: {
  readonly search: ChangesSearch;
  readonly onSearch: Go;
  readonly searchBox: RefObject<HTMLInputElement | null>;
}) {
  const asked = search.q ?? '';
  const [text, setText] = useState(asked);
  const sent = useRef(asked);
  // Follows "back", a chip that was taken away, or another link, but never overwrites what is being typed.
  useEffect(() => {
    if (asked === sent.current) return;
    sent.current = asked;
    setText(asked);
  }, [asked]);
  useEffect(() => {
    if (text.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      onSearch(withSearch(search, { q: text.trim() === '' ? undefined : text.trim() }), { replace: true });
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text, search, onSearch]);
  return (
    <TextInput
      ref={searchBox}
      className={styles.search}
      size="xs"
      type="search"
      aria-label="Search changes"
      placeholder="Title, #number, commit id or author"
      leftSection={<IconSearch size={15} aria-hidden />}
      maxLength={1_000}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function Dates({ search, onSearch }: { readonly search: ChangesSearch; readonly onSearch: Go }) {
  const field = (name: 'from' | 'to', label: string) => (
    <>
      <label htmlFor={`merged-${name}`}>{label}</label>
      <input
        id={`merged-${name}`}
        type="date"
        value={search[name] ?? ''}
        max={name === 'from' ? search.to : undefined}
        min={name === 'to' ? search.from : undefined}
        onChange={(event) => onSearch(withSearch(search, { [name]: event.currentTarget.value || undefined }))}
      />
    </>
  );
  return (
    <span className={styles.dates}>
      {field('from', 'Merged from')}
      {field('to', 'to')}
    </span>
  );
}

function Flag({
  name,
  label,
  search,
  onSearch,
}: {
  readonly name: 'gaps' | 'contradictions';
  readonly label: string;
  readonly search: ChangesSearch;
  readonly onSearch: Go;
}) {
  return (
    <Checkbox
      size="xs"
      label={label}
      checked={search[name] === 'true'}
      onChange={(event) =>
        onSearch(withSearch(search, { [name]: event.currentTarget.checked ? 'true' : undefined }))
      }
    />
  );
}

const chipWords: Readonly<Record<ActiveFilter['name'], string>> = {
  q: 'Search',
  from: 'From',
  to: 'To',
  gaps: 'Gaps',
  contradictions: 'Contradictions',
  ...(Object.fromEntries(filters) as Record<ListFilter, string>),
};

const flagWords: Readonly<Record<string, string>> = { true: 'yes', false: 'none' };

function Chips({ search, onSearch }: { readonly search: ChangesSearch; readonly onSearch: Go }) {
  const active = activeFilters(search);
  if (active.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label="Active filters">
      {active.map(({ name, value, without }) => (
        <li key={`${name} ${value}`}>
          <button
            type="button"
            className={styles.chip}
            onClick={() => onSearch(without)}
            title="Take this filter away"
          >
            <span>
              {chipWords[name]}:{' '}
              <HostileText
                text={isFlag(name) ? (flagWords[value] ?? value) : wordsOf(name, value)}
                limit={60}
                expandable={false}
              />
            </span>
            <IconX size={13} aria-hidden />
            <span className="visually-hidden">take away</span>
          </button>
        </li>
      ))}
      <li>
        <Button component={Link} to="/changes" size="compact-xs" variant="subtle">
          Clear all
        </Button>
      </li>
    </ul>
  );
}

function isFlag(name: ActiveFilter['name']): boolean {
  return name === 'gaps' || name === 'contradictions';
}
