import { Link } from '@tanstack/react-router';
import type { Overview } from '../../../src/contract/overview.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { changesHref } from '../changes/change-search.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { HrefLink } from '../kit/links.tsx';
import { Num } from '../kit/num.tsx';
import { KeyValue, Panel, Section } from '../kit/page.tsx';
import { OutcomeSign, PendingSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './overview.module.css';

type Repository = Overview['repositories'][number];

/** Where all of it comes from, and where it is sealed. */
export function Sources({ overview: { repositories, logs } }: { readonly overview: Overview }) {
  return (
    <div className={styles.columns}>
      <Section title="Repositories" actions={<Link to="/repositories">All of them</Link>}>
        <Panel flush>
          <DataTable
            caption="Repositories"
            columns={columns}
            rows={repositories.slice(0, 10)}
            rowKey={({ repoId }) => repoId}
          />
        </Panel>
      </Section>
      <Section title="Logs" actions={<Link to="/log/{-$name}">To the logs</Link>}>
        <Panel>
          <KeyValue
            items={[
              ['Last verification', <LastVerification key="v" last={logs.lastVerification} />],
              ...logs.logs.map(
                ({ log, size, checkpoint }) =>
                  [
                    `${log} log`,
                    <span key={log}>
                      {plural(size, 'entry', 'entries')},{' '}
                      {checkpoint ? (
                        <>
                          <Num value={checkpoint.size} /> under a signed checkpoint
                          {checkpoint.publishedAt !== null && (
                            <>
                              {' '}
                              (<Time at={checkpoint.publishedAt} />)
                            </>
                          )}
                        </>
                      ) : (
                        'none published yet'
                      )}
                    </span>,
                  ] as const,
              ),
            ]}
          />
        </Panel>
      </Section>
    </div>
  );
}

const columns: readonly Column<Repository>[] = [
  {
    id: 'name',
    header: 'Repository',
    rowHeader: true,
    cell: ({ repoId }) => (
      <HrefLink href={changesHref({ repo: [repoId] })}>
        <HostileText text={repoId} limit={80} expandable={false} />
      </HrefLink>
    ),
  },
  {
    id: 'changes',
    header: 'Changes',
    align: 'end',
    width: '6rem',
    cell: ({ changes }) => <Num value={changes} />,
  },
  { id: 'imported', header: 'Imported', width: '9rem', cell: ({ importedAt }) => <Time at={importedAt} /> },
];

function LastVerification({ last }: { readonly last: Overview['logs']['lastVerification'] }) {
  if (last === null) return <OutcomeSign value="indeterminate" word="Never verified" />;
  const at = <Time at={last.finishedAt ?? last.startedAt} />;
  switch (last.state) {
    case 'running':
      return <PendingSign>Under way</PendingSign>;
    case 'passed':
      return (
        <>
          <OutcomeSign value="satisfied" word="Intact" /> {at}
        </>
      );
    case 'failed':
      return (
        <>
          <OutcomeSign value="violated" word={plural(last.findings.length, 'finding')} /> {at}
        </>
      );
    case 'stopped':
      return (
        <>
          <OutcomeSign value="indeterminate" word="Stopped before its end" /> {at}
        </>
      );
  }
}
