import { IconAlertTriangle, IconCheck, IconHelp, IconPlayerStop } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Verification } from '../../../src/contract/evidence.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Num } from '../kit/num.tsx';
import { PendingSign, Sign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import { FindingsTable } from './findings-table.tsx';
import classes from './log.module.css';

/** What was checked last, when and by whom, and what was found; never checked is said to be so. */
export function LastVerification({ verification }: { readonly verification: Verification | null }) {
  if (verification === null) {
    return (
      <div className={classes.verdict}>
        <Sign tone="amber" icon={IconHelp}>
          Never verified
        </Sign>
        <span>Nobody has started a verification here yet.</span>
      </div>
    );
  }
  return (
    <>
      <div className={classes.verdict}>
        <VerificationSign state={verification.state} />
        <span>
          {verification.finishedAt === null ? 'started ' : 'finished '}
          <Time at={verification.finishedAt ?? verification.startedAt} />, asked for by{' '}
          <HostileText text={verification.requestedBy} limit={80} />
        </span>
      </div>
      <ul className={classes.checkedLogs}>
        {verification.logs.map(({ log, size, entries, unpublished, findings }) => (
          <li key={log}>
            <Link
              to="/log/{-$name}"
              params={{ name: log === 'evidence' ? undefined : log }}
              resetScroll={false}
            >
              {log}
            </Link>
            : <Num value={entries} /> entries checked
            {size !== null && (
              <>
                {' '}
                under the checkpoint of <Num value={size} />
              </>
            )}
            {unpublished > 0 && <>, {plural(unpublished, 'entry', 'entries')} not published yet</>},{' '}
            {findings === 0 ? 'nothing found' : <strong>{plural(findings, 'finding')}</strong>}
          </li>
        ))}
      </ul>
      {verification.findings.length > 0 && <FindingsTable findings={verification.findings} />}
    </>
  );
}

export function VerificationSign({ state }: { readonly state: Verification['state'] }) {
  switch (state) {
    case 'running':
      return <PendingSign>Running</PendingSign>;
    case 'passed':
      return (
        <Sign tone="green" icon={IconCheck}>
          Verified
        </Sign>
      );
    case 'failed':
      return (
        <Sign tone="red" icon={IconAlertTriangle}>
          Failed
        </Sign>
      );
    case 'stopped':
      return (
        <Sign tone="amber" icon={IconPlayerStop}>
          Stopped before its end
        </Sign>
      );
  }
}
