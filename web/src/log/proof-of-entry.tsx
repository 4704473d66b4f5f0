import { Button, TextInput } from '@mantine/core';
import { IconFileSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { EvidenceBundle, LogState } from '../../../src/contract/evidence.ts';
import { count, plural } from '../../../src/core/sentence-parts.ts';
import { fileHref } from '../api/call.ts';
import { apiQuery, useCan } from '../api/queries.ts';
import { Id } from '../kit/id.tsx';
import { DownloadButton } from '../kit/links.tsx';
import { KeyValue, Panel, Section } from '../kit/page.tsx';
import { Loaded, LoadingBlock } from '../kit/states.tsx';
import classes from './log.module.css';
import { readNote } from './read-note.ts';

/** Any entry by its index, with all that proves it to somebody who does not trust this server. */
export function ProofOfEntry({ log }: { readonly log: LogState }) {
  const [index, setIndex] = useState<number>();
  const [mistake, setMistake] = useState<string>();
  const published = log.checkpoint?.size ?? 0;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('index')).replaceAll(/[\s,#]/g, '');
    const wanted = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
    const isThere = wanted !== undefined && wanted < published;
    setMistake(isThere ? undefined : `A number from 0 to ${count(published - 1)}.`);
    if (isThere) setIndex(wanted);
  }
  if (published === 0) return null;
  return (
    <Section title="Proof of an entry" meta="A file that proves one entry offline, to anybody">
      <Panel>
        <form className={classes.proofForm} onSubmit={submit}>
          <TextInput
            name="index"
            label="Index"
            inputMode="numeric"
            autoComplete="off"
            placeholder={`0 to ${count(published - 1)}`}
            error={mistake}
            required
            withAsterisk={false}
          />
          <Button type="submit" variant="default">
            Find
          </Button>
        </form>
        {index !== undefined && <Found log={log.log} index={index} />}
      </Panel>
    </Section>
  );
}

function Found({ log, index }: { readonly log: LogState['log']; readonly index: number }) {
  const entry = useQuery(apiQuery('getEvidence', { query: { log, index } }));
  const canExport = useCan('export:evidence');
  return (
    <div className={classes.found}>
      <Loaded query={entry} loading={<LoadingBlock height="var(--found-height)" />}>
        {(bundle) => (
          <>
            <EntryFacts bundle={bundle} />
            <div className={classes.inline}>
              <Button
                size="xs"
                leftSection={<IconFileSearch size={15} aria-hidden />}
                renderRoot={(props) => (
                  <Link to="/verify" search={{ log, index: String(index) }} {...props} />
                )}
              >
                Verify in this browser
              </Button>
              {canExport && (
                <>
                  <DownloadButton href={fileHref('downloadEvidence', { log, index, format: 'bundle' })}>
                    Evidence bundle
                  </DownloadButton>
                  <DownloadButton href={fileHref('downloadEvidence', { log, index, format: 'proof' })}>
                    tlog-proof
                  </DownloadButton>
                  {bundle.statementKey !== null && (
                    <DownloadButton href={fileHref('downloadEvidence', { log, index, format: 'dsse' })}>
                      Signed statement (DSSE)
                    </DownloadButton>
                  )}
                </>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}

function EntryFacts({ bundle }: { readonly bundle: EvidenceBundle }) {
  const size = readNote(bundle.checkpoint)?.size;
  return (
    <KeyValue
      items={[
        ['Entry', `${bundle.log} #${count(bundle.index)}`],
        ['58 bytes of the entry', <Id key="entry" value={bundle.entry} chars={32} what="entry" />],
        [
          'Content',
          bundle.payload === null
            ? 'Erased; the entry and its place are still proven'
            : 'Kept, and in the evidence bundle',
        ],
        [
          'Inclusion proof',
          `${plural(bundle.proof.length, 'hash', 'hashes')}${size === undefined ? '' : `, under the checkpoint of ${count(Number(size))} entries`}`,
        ],
      ]}
    />
  );
}
