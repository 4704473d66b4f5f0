import { IconSignature } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { ChangeDetail } from '../../../src/contract/changes.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import { LineCounts } from '../kit/line-counts.tsx';
import { Section } from '../kit/page.tsx';
import { Sign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';

type Commit = ChangeDetail['commits'][number];
type File = ChangeDetail['files'][number];

const firstCommits = 10;
const firstFiles = 25;

export function Code({ detail: { commits, files, item } }: { readonly detail: ChangeDetail }) {
  return (
    <Section
      title="Commits and files"
      id="code"
      meta={[
        plural(commits.length, 'commit'),
        ...(item.files === null ? [] : [plural(item.files, 'file')]),
      ].join(', ')}
    >
      {commits.length === 0 && files.length === 0 && (
        <p className={styles.note}>
          The observation that this record was made from cannot be shown: it was erased or damaged.
        </p>
      )}
      {commits.length > 0 && (
        <Cut rows={commits} first={firstCommits} noun="commit">
          {(rows) => (
            <DataTable
              caption="Commits, oldest first"
              columns={commitColumns}
              rows={rows}
              rowKey={({ sha }) => sha}
            />
          )}
        </Cut>
      )}
      {files.length > 0 && (
        <>
          <h3 className={styles.sub}>Files</h3>
          <Cut rows={files} first={firstFiles} noun="file">
            {(rows) => (
              <DataTable
                caption="Changed files"
                columns={fileColumns}
                rows={rows}
                rowKey={({ path }) => path}
              />
            )}
          </Cut>
        </>
      )}
    </Section>
  );
}

function Cut<Row>({
  rows,
  first,
  noun,
  children,
}: {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly noun: string;
  readonly children: (rows: readonly Row[]) => ReactNode;
}) {
  const [isAll, setAll] = useState(false);
  const hidden = rows.length - first;
  return (
    <>
      {children(isAll ? rows : rows.slice(0, first))}
      {!isAll && hidden > 0 && (
        <button type="button" className={styles.showAll} onClick={() => setAll(true)}>
          Show {plural(hidden, `more ${noun}`)}
        </button>
      )}
    </>
  );
}

const commitColumns: readonly Column<Commit>[] = [
  { id: 'sha', header: 'Commit', width: '8rem', cell: ({ sha }) => <Id value={sha} what="commit id" /> },
  { id: 'message', header: 'Message', rowHeader: true, cell: (commit) => <Message commit={commit} /> },
  {
    id: 'author',
    header: 'Author',
    width: '15rem',
    cell: ({ authorName, authorEmail, committerName }) => (
      <>
        <HostileText text={authorName} limit={60} />{' '}
        <span className="dimmed">
          <HostileText text={authorEmail} limit={80} />
        </span>
        {committerName !== authorName && (
          <div className="dimmed">
            committed by <HostileText text={committerName} limit={60} />
          </div>
        )}
      </>
    ),
  },
  {
    id: 'signature',
    header: 'Signature',
    width: '7rem',
    cell: ({ signature }) =>
      signature === null ? (
        <span className="dimmed">none</span>
      ) : (
        <Sign tone="grey" icon={IconSignature} title="A signature is there; git alone cannot say whose" plain>
          {signature}
        </Sign>
      ),
  },
  {
    id: 'at',
    header: 'Authored',
    width: '8rem',
    align: 'end',
    cell: ({ authoredAt }) => <Time at={authoredAt} />,
  },
];

function Message({ commit: { subject, message } }: { readonly commit: Commit }) {
  const [isOpen, setOpen] = useState(false);
  const rest = message.slice(subject.length).trim();
  return (
    <>
      <HostileText text={subject} limit={160} />
      {rest !== '' && (
        <details className={styles.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>whole message</summary>
          {isOpen && <HostileText text={rest} limit={4_000} lines mono />}
        </details>
      )}
    </>
  );
}

const fileColumns: readonly Column<File>[] = [
  {
    id: 'path',
    header: 'File',
    rowHeader: true,
    cell: ({ path, oldPath }) => (
      <>
        <HostileText text={path} mono limit={160} />
        {oldPath !== null && oldPath !== path && (
          <div className="dimmed">
            from <HostileText text={oldPath} mono limit={160} />
          </div>
        )}
      </>
    ),
  },
  { id: 'status', header: 'Change', width: '7rem', cell: ({ status }) => status },
  { id: 'role', header: 'Role', width: '6rem', cell: ({ role }) => role },
  {
    id: 'lines',
    header: 'Lines',
    width: '9rem',
    align: 'end',
    cell: ({ additions, deletions, binary, unreadable }) =>
      binary || unreadable ? (
        <span className="dimmed">{unreadable ? 'unreadable' : 'binary'}</span>
      ) : (
        <LineCounts additions={additions} deletions={deletions} />
      ),
  },
];
