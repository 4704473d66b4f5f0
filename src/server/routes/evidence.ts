import { type EvidenceSources, readEnvelope, readEvidence, readProof } from '../../app/read-evidence.ts';
import type { ParsedQuery } from '../../contract/api.ts';
import type { FileAnswer, Handlers } from '../handler.ts';

export const evidenceHandlers: Handlers<'getEvidence' | 'downloadEvidence'> = {
  getEvidence: { run: async (parts, { query }) => readEvidence(parts, query.log, query.index) },
  downloadEvidence: {
    recorded: ({ query }) => ({ target: `${query.log}/${query.index}`, detail: { format: query.format } }),
    run: async (parts, { query }) => evidenceFile(parts, query),
  },
};

async function evidenceFile(
  sources: EvidenceSources,
  { log, index, format }: ParsedQuery<'downloadEvidence'>,
): Promise<FileAnswer> {
  const name = `reentry-${log}-${index}`;
  switch (format) {
    case 'bundle': {
      const bundle = await readEvidence(sources, log, index);
      return { ...file(`${name}.evidence.json`), content: `${JSON.stringify(bundle, undefined, 2)}\n` };
    }
    case 'dsse':
      return { ...file(`${name}.dsse.json`), content: await readEnvelope(sources, log, index) };
    case 'proof':
      return { ...file(`${name}.tlog-proof`), content: await readProof(sources, log, index) };
  }
}

function file(fileName: string): Omit<FileAnswer, 'content'> {
  return { fileName, type: 'application/octet-stream' };
}
