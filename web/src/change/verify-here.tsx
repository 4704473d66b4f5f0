import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { EvidenceBundle } from '../../../src/contract/evidence.ts';
import { call } from '../api/call.ts';
import { Panel, Section } from '../kit/page.tsx';
import { Loaded, LoadingRows } from '../kit/states.tsx';
import { BundleReport, type FurtherCheck } from '../verify/bundle-report.tsx';
import { type BundleCheck, checkBundle } from '../verify/check-bundle.ts';

interface Checked {
  readonly check: BundleCheck;
  readonly isPublishedKey: boolean | undefined;
}

/** The browser itself recomputes everything from the bundle's bytes; the server only hands them over. */
export function VerifyHere({
  sealed: { log, index, checkpointSize },
  statementDigest,
  isAsked,
  onAsk,
}: {
  readonly sealed: ChangeDetail['sealed'];
  readonly statementDigest: string;
  /** The head of the page asks too. */
  readonly isAsked: boolean;
  readonly onAsk: () => void;
}) {
  const checked = useQuery({
    queryKey: ['getEvidence', 'verify-here', log, index, statementDigest],
    queryFn: ({ signal }) => fetchAndCheck({ log, index, statementDigest }, signal),
    enabled: isAsked,
    // Asked for again, it is fetched and computed again: what is shown was checked now.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Section
      title="Verify here"
      id="verify"
      meta="your browser hashes and compares every byte itself"
      actions={
        <Button
          size="xs"
          leftSection={<IconShieldCheck size={15} aria-hidden />}
          loading={checked.isFetching}
          onClick={() => (isAsked ? void checked.refetch() : onAsk())}
        >
          {isAsked ? 'Verify again' : 'Verify here'}
        </Button>
      }
    >
      {isAsked ? (
        <Loaded query={checked} loading={<LoadingRows rows={7} height={56} />}>
          {({ check, isPublishedKey }) => (
            <BundleReport check={check} further={[publishedKeyCheck(log, isPublishedKey)]} />
          )}
        </Loaded>
      ) : (
        <Panel>
          <span className="dimmed">
            {checkpointSize === null
              ? 'No published checkpoint covers this record yet; in a moment there will be one.'
              : 'Fetches the sealed bytes of this record and recomputes payload hash, commitment, leaf, inclusion proof, checkpoint signature and statement signature in this page. A downloaded bundle can be checked the same way without this server: on the page Verify, or with “reentry verify”.'}
          </span>
        </Panel>
      )}
    </Section>
  );
}

function publishedKeyCheck(log: string, isSame: boolean | undefined): FurtherCheck {
  const title = 'Key that this server publishes';
  if (isSame === undefined)
    return { result: 'indeterminate', title, because: `/log/${log}/vkey could not be read.` };
  if (!isSame)
    return { result: 'violated', title, because: `The bundle’s key is not the one at /log/${log}/vkey.` };
  return {
    result: 'satisfied',
    title,
    because: `The bundle’s key is the one at /log/${log}/vkey. Both come from this server: compare the fingerprint below with one from elsewhere.`,
  };
}

async function fetchAndCheck(
  { log, index, statementDigest }: { log: EvidenceBundle['log']; index: number; statementDigest: string },
  signal: AbortSignal,
): Promise<Checked> {
  const [bundle, published] = await Promise.all([
    call('getEvidence', { query: { log, index } }, signal),
    publishedKey(log, signal),
  ]);
  const check = await checkBundle({ value: bundle }, statementDigest === '' ? {} : { statementDigest });
  return { check, isPublishedKey: published === undefined ? undefined : published === bundle.vkey };
}

async function publishedKey(log: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(`/log/${log}/vkey`, { signal, cache: 'no-store' });
    return response.ok ? (await response.text()).trim() : undefined;
  } catch {
    return undefined;
  }
}
