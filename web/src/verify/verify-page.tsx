import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { maxBundleCharacters } from '../../../src/core/evidence/evidence-bundle.ts';
import { count } from '../../../src/core/sentence-parts.ts';
import { parseClaimedVkey } from '../../../src/core/tlog/note-key.ts';
import { call } from '../api/call.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { PageHeader, Section } from '../kit/page.tsx';
import { Loaded, LoadingRows } from '../kit/states.tsx';
import { BundleDrop } from './bundle-drop.tsx';
import { BundleReport, Verdict } from './bundle-report.tsx';
import { type BundleCheck, checkBundle } from './check-bundle.ts';
import styles from './verify.module.css';

const route = getRouteApi('/inside/verify');

export interface ChosenBundle {
  /** Where it came from, in words. */
  readonly name: string;
  readonly text: string;
}

export function VerifyPage() {
  const { log, index } = route.useSearch();
  const [chosen, setChosen] = useState<ChosenBundle>();
  const [vkey, setVkey] = useState('');
  const [tooLarge, setTooLarge] = useState<string>();
  const isWrongKey = vkey.trim() !== '' && !parseClaimedVkey(vkey.trim()).ok;
  const trustedKey = vkey.trim() === '' || isWrongKey ? undefined : vkey.trim();

  async function read(file: File) {
    setTooLarge(file.size > maxBundleCharacters ? file.name : undefined);
    if (file.size <= maxBundleCharacters) setChosen({ name: file.name, text: await file.text() });
  }

  return (
    <>
      <PageHeader
        title="Verify"
        meta="Checks a sealed record in this page: the browser hashes and compares everything itself, and sends nothing anywhere."
      />
      <div className={styles.tools}>
        <BundleDrop
          onFile={(file) => void read(file)}
          onText={(text) => setChosen({ name: 'Pasted text', text })}
        />
        <TextInput
          label="Key of the log that you trust (optional)"
          description="A verifier key from a source of your own: then the check says whether this very log signed the record."
          placeholder="name+1a2b3c4d+base64"
          classNames={{ input: 'mono' }}
          value={vkey}
          onChange={(event) => setVkey(event.currentTarget.value)}
          error={isWrongKey ? 'A verifier key looks like name+1a2b3c4d+base64, in one line.' : undefined}
          spellCheck={false}
          autoComplete="off"
        />
      </div>
      {tooLarge !== undefined && (
        <Verdict
          result="indeterminate"
          word="Not checked"
          because={`${tooLarge} is larger than 64 MiB; no evidence bundle is.`}
        />
      )}
      {chosen && tooLarge === undefined ? (
        <ChosenReport chosen={chosen} trustedKey={trustedKey} />
      ) : (
        index !== undefined && (
          <ServedReport log={log ?? 'evidence'} index={Number(index)} trustedKey={trustedKey} />
        )
      )}
    </>
  );
}

function ChosenReport({
  chosen,
  trustedKey,
}: {
  readonly chosen: ChosenBundle;
  readonly trustedKey: string | undefined;
}) {
  const [check, setCheck] = useState<BundleCheck>();
  useEffect(() => {
    let isCurrent = true;
    setCheck(undefined);
    void checkBundle({ text: chosen.text }, { vkey: trustedKey }).then((result) => {
      if (isCurrent) setCheck(result);
    });
    return () => {
      isCurrent = false;
    };
  }, [chosen, trustedKey]);
  return (
    <Section title="Result">
      <p className={styles.source}>
        <HostileText text={chosen.name} limit={120} />
      </p>
      {check ? <BundleReport check={check} /> : <LoadingRows rows={6} height={56} />}
    </Section>
  );
}

/** An entry that a link names (`?log=evidence&index=17`): fetched from this server, checked here. */
function ServedReport({
  log,
  index,
  trustedKey,
}: {
  readonly log: 'events' | 'evidence';
  readonly index: number;
  readonly trustedKey: string | undefined;
}) {
  const check = useQuery({
    queryKey: ['getEvidence', 'checked', log, index, trustedKey],
    queryFn: async ({ signal }) =>
      checkBundle(
        { value: await call('getEvidence', { query: { log, index } }, signal) },
        { vkey: trustedKey },
      ),
  });
  return (
    <Section title="Result">
      <p className={styles.source}>
        Entry {count(index)} of the {log} log, fetched from this server.
      </p>
      <Loaded query={check} loading={<LoadingRows rows={6} height={56} />}>
        {(value) => <BundleReport check={value} />}
      </Loaded>
    </Section>
  );
}
