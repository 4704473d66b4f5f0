import { SegmentedControl } from '@mantine/core';
import { Fragment, useState } from 'react';
import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { count, plural } from '../../../src/core/sentence-parts.ts';
import { fileHref } from '../api/call.ts';
import { useCan } from '../api/queries.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import { DownloadButton, HrefLink } from '../kit/links.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';
import { JsonTree } from './json-tree.tsx';

const views = [
  { value: 'readable', label: 'Readable' },
  { value: 'raw', label: 'Raw' },
];
const formats = [
  ['bundle', 'Download bundle'],
  ['dsse', 'DSSE envelope'],
  ['proof', 'tlog-proof'],
] as const;
/** The rest is in the download. */
const rawLimit = 200_000;

export function Evidence({
  detail,
  statement,
}: {
  readonly detail: ChangeDetail;
  readonly statement: ChangeStatement | undefined;
}) {
  const canExport = useCan('export:evidence');
  const { log, index } = detail.sealed;
  return (
    <Section
      title="Evidence"
      id="evidence"
      meta={
        <>
          statement SHA-256 <Id value={detail.statementDigest} chars={16} what="statement digest" />
        </>
      }
      actions={
        canExport &&
        formats.map(([format, label]) => (
          <DownloadButton key={format} href={fileHref('downloadEvidence', { log, index, format })}>
            {label}
          </DownloadButton>
        ))
      }
    >
      {statement && <Proofs statement={statement} />}
      {statement && <Record statement={statement} />}
      <h3 className={styles.sub}>{plural(detail.records.length, 'record')} of this change</h3>
      <DataTable
        caption="Records of this change, newest first"
        columns={columns}
        rows={detail.records}
        rowKey={({ evidenceSeq }) => String(evidenceSeq)}
      />
    </Section>
  );
}

function Proofs({ statement: { predicate } }: { readonly statement: ChangeStatement }) {
  return (
    <Panel>
      <div className={styles.proofs}>
        {(
          [
            ['What this record proves', predicate.proves],
            ['What it does not prove', predicate.doesNotProve],
          ] as const
        ).map(([title, sentences]) => (
          <div key={title}>
            <h3>{title}</h3>
            <ul>
              {sentences.map((sentence) => (
                <li key={sentence}>
                  <Sentence text={sentence} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** What stands between backticks is code. */
function Sentence({ text }: { readonly text: string }) {
  return text.split('`').map((part, at) => {
    const words = <HostileText text={part} limit={600} />;
    const isCode = at % 2 === 1;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
    return <Fragment key={at}>{isCode ? <code className="mono">{words}</code> : words}</Fragment>;
  });
}

function Record({ statement }: { readonly statement: ChangeStatement }) {
  const [view, setView] = useState('readable');
  return (
    <>
      <div className={`${styles.views} no-print`}>
        <SegmentedControl
          size="xs"
          data={views}
          value={view}
          onChange={setView}
          aria-label="How the record is shown"
        />
      </div>
      <Panel flush>{view === 'raw' ? <Raw statement={statement} /> : <JsonTree value={statement} />}</Panel>
    </>
  );
}

function Raw({ statement }: { readonly statement: ChangeStatement }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard has to get into it
    <pre className={`mono ${styles.raw}`} tabIndex={0}>
      <HostileText text={JSON.stringify(statement, null, 2)} limit={rawLimit} lines expandable={false} />
    </pre>
  );
}

const columns: readonly Column<ChangeDetail['records'][number]>[] = [
  {
    id: 'index',
    header: 'Index',
    rowHeader: true,
    width: '8rem',
    cell: ({ evidenceSeq }) => (
      <HrefLink href={`/verify?log=evidence&index=${evidenceSeq}`}>#{count(evidenceSeq)}</HrefLink>
    ),
  },
  { id: 'reason', header: 'Why it was made', cell: ({ reason }) => reason.replaceAll('-', ' ') },
  {
    id: 'fact',
    header: 'From fact',
    cell: ({ factSeq }) => (
      <HrefLink href={`/verify?log=events&index=${factSeq}`}>#{count(factSeq)}</HrefLink>
    ),
  },
  {
    id: 'digest',
    header: 'Digest',
    cell: ({ statementDigest }) => <Id value={statementDigest} chars={16} what="digest" />,
  },
  {
    id: 'at',
    header: 'Sealed',
    align: 'end',
    cell: ({ at }) => <Time at={at === '' ? null : at} always="exact" />,
  },
];
