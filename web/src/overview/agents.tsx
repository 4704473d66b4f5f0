import type { Overview } from '../../../src/contract/overview.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { changesHref } from '../changes/change-search.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { HrefLink } from '../kit/links.tsx';
import { Num } from '../kit/num.tsx';
import { Panel, Section } from '../kit/page.tsx';
import styles from './overview.module.css';

type Agent = Overview['agents'][number];

const shownAgents = 10;
const shownModels = 4;

export function Agents({ agents }: { readonly agents: Overview['agents'] }) {
  const hidden = agents.length - shownAgents;
  return (
    <Section title="Agents and models seen" meta="a change counts for each that it names">
      <Panel flush={agents.length > 0}>
        {agents.length === 0 ? (
          <span className="dimmed">
            No signal names an agent. Trailers, notes and records in the history would: docs/attribution.md
            lists them.
          </span>
        ) : (
          <DataTable
            caption="Agents with their models and numbers of changes"
            columns={columns}
            rows={agents.slice(0, shownAgents)}
            rowKey={({ agent }) => agent}
          />
        )}
      </Panel>
      {hidden > 0 && (
        <p className={styles.note}>And {plural(hidden, 'agent')} more: the filter on Changes has all.</p>
      )}
    </Section>
  );
}

const columns: readonly Column<Agent>[] = [
  {
    id: 'agent',
    header: 'Agent',
    rowHeader: true,
    width: '9rem',
    cell: ({ agent }) => (
      <HrefLink href={changesHref({ agent: [agent] })}>
        <HostileText text={agent} limit={60} expandable={false} />
      </HrefLink>
    ),
  },
  { id: 'models', header: 'Models', cell: (agent) => <Models agent={agent} /> },
  {
    id: 'changes',
    header: 'Changes',
    align: 'end',
    width: '6rem',
    cell: ({ changes }) => <Num value={changes} />,
  },
];

function Models({ agent: { agent, models } }: { readonly agent: Agent }) {
  if (models.length === 0) return <span className="dimmed">none named</span>;
  return (
    <span className={styles.models}>
      {models.slice(0, shownModels).map(({ model, changes }) => (
        <span key={model}>
          <HrefLink href={changesHref({ agent: [agent], model: [model] })}>
            <HostileText text={model} limit={60} expandable={false} />
          </HrefLink>{' '}
          <span className="dimmed">
            <Num value={changes} />
          </span>
        </span>
      ))}
      {models.length > shownModels && <span className="dimmed">and {models.length - shownModels} more</span>}
    </span>
  );
}
