import { Button } from '@mantine/core';
import { IconCheck, IconClock, IconCopy } from '@tabler/icons-react';
import type { LogState } from '../../../src/contract/evidence.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id, useCopy } from '../kit/id.tsx';
import { Num } from '../kit/num.tsx';
import { KeyValue, Panel, Section } from '../kit/page.tsx';
import { Sign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import classes from './log.module.css';
import { NoteView } from './note-view.tsx';

const purposes = {
  events: 'Every fact as it arrived, and everything that people do here. Published every few seconds.',
  evidence: 'One signed statement for each change as it was judged. Published within a second.',
} as const;

export function LogSummary({ log }: { readonly log: LogState }) {
  const { checkpoint, size } = log;
  const waiting = size - (checkpoint?.size ?? 0);
  return (
    <Section title={log.log === 'events' ? 'Events log' : 'Evidence log'} meta={purposes[log.log]}>
      <Panel>
        <KeyValue
          items={[
            ['Origin', <HostileText key="origin" text={log.origin} mono />],
            [
              'Entries',
              <span key="entries" className={classes.inline}>
                <strong>
                  <Num value={size} />
                </strong>
                {waiting === 0 ? (
                  <Sign tone="green" icon={IconCheck}>
                    All published
                  </Sign>
                ) : (
                  <Sign tone="amber" icon={IconClock}>
                    {plural(waiting, 'entry', 'entries')} not published yet
                  </Sign>
                )}
              </span>,
            ],
            ['Published', <Published key="published" checkpoint={checkpoint} />],
            ['Root hash', <Root key="root" checkpoint={checkpoint} />],
            ['Key fingerprint', <Fingerprint key="fingerprint" hex={log.fingerprint} />],
            ['Verifier key', <VerifierKey key="vkey" vkey={log.vkey} />],
            ['Files for outsiders', <PublishedFiles key="files" name={log.log} />],
          ]}
        />
        {checkpoint !== null && <NoteView note={checkpoint.note} />}
      </Panel>
    </Section>
  );
}

function Published({ checkpoint }: { readonly checkpoint: LogState['checkpoint'] }) {
  if (checkpoint === null) return <span className="dimmed">no checkpoint yet</span>;
  return <Time at={checkpoint.publishedAt} />;
}

function Root({ checkpoint }: { readonly checkpoint: LogState['checkpoint'] }) {
  if (checkpoint === null) return <span className="dimmed">none</span>;
  return <Id value={checkpoint.root} chars={24} what="root hash" />;
}

/** In groups of four, to compare by eye or over the telephone. */
function Fingerprint({ hex }: { readonly hex: string }) {
  return (
    <span className={`mono ${classes.fingerprint}`}>
      {(hex.match(/.{1,4}/g) ?? []).map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one key never move
        <span key={at}>{group}</span>
      ))}
    </span>
  );
}

function VerifierKey({ vkey }: { readonly vkey: string }) {
  const [isCopied, copy] = useCopy();
  return (
    <span className={classes.inline}>
      <HostileText text={vkey} mono />
      <Button
        size="compact-xs"
        variant="default"
        className="no-print"
        leftSection={isCopied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
        onClick={() => copy(vkey)}
      >
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </span>
  );
}

/** Anybody may read these, without signing in: hashes and signatures, no content. */
function PublishedFiles({ name }: { readonly name: LogState['log'] }) {
  return (
    <span className={classes.inline}>
      <a href={`/log/${name}/checkpoint`} target="_blank" rel="noopener">
        checkpoint
      </a>
      <a href={`/log/${name}/vkey`} target="_blank" rel="noopener">
        vkey
      </a>
      <span className="dimmed">
        tiles under <span className="mono">/log/{name}/tile/</span> (C2SP tlog-tiles)
      </span>
    </span>
  );
}
