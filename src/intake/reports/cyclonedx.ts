import type { ReadReport } from '../../app/report-ports.ts';
import {
  emptySummary,
  type FindingSeverity,
  findingSeverities,
  keptText,
  type ReportComponent,
  type ReportTool,
  reportLimits,
} from '../../core/reports/report-summary.ts';
import { severityOfRating } from '../../core/reports/severity.ts';
import { FindingTally } from '../../core/reports/tally-findings.ts';
import { distinctTools } from './tools.ts';

/** A vulnerability as either form of a bill of materials tells it. */
export interface ToldVulnerability {
  readonly id: string | null;
  readonly ratings: readonly unknown[];
  readonly analysis: string | null;
  /** References of the components that it is in. */
  readonly affects: readonly string[];
}

/** Analysis states that say that nothing is left to do (CycloneDX 1.6, `impactAnalysisState`). */
const settled: ReadonlySet<string | null> = new Set([
  'resolved',
  'resolved_with_pedigree',
  'false_positive',
  'not_affected',
]);

/** Collects a CycloneDX bill of materials, whichever form it comes in. */
export class BillOfMaterials {
  readonly #version: string | null;
  readonly #tools: ReportTool[] = [];
  readonly #listed: ReportComponent[] = [];
  readonly #purls = new Map<string, string>();
  readonly #vulnerabilities: ToldVulnerability[] = [];
  #total = 0;
  #listsVulnerabilities = false;

  constructor(version: string | null) {
    this.#version = version === null ? null : keptText(version);
  }

  addTool(name: string | null, version: string | null): void {
    if (name === null || this.#tools.length >= reportLimits.tools) return;
    this.#tools.push({ name: keptText(name), version: version === null ? null : keptText(version) });
  }

  addComponent(
    { name, version, purl }: { readonly [Key in keyof ReportComponent]: string | null },
    reference: string | null,
  ): void {
    this.#total += 1;
    if (reference !== null && purl !== null) this.#purls.set(reference, purl);
    if (this.#listed.length >= reportLimits.components) return;
    this.#listed.push({
      name: keptText(name ?? ''),
      version: version === null ? null : keptText(version),
      purl: purl === null ? null : keptText(purl),
    });
  }

  /** Also an empty list says that somebody looked. */
  beginVulnerabilities(): void {
    this.#listsVulnerabilities = true;
  }

  addVulnerability(vulnerability: ToldVulnerability): void {
    this.#vulnerabilities.push(vulnerability);
  }

  get report(): ReadReport {
    const tools = distinctTools(this.#tools);
    return {
      summary: {
        ...emptySummary('cyclonedx', this.#version),
        tools,
        findings: this.#listsVulnerabilities ? this.#findings() : null,
        components: {
          total: this.#total,
          listed: this.#listed,
          leftOut: this.#total - this.#listed.length,
        },
      },
      conclusion: 'success',
      name: tools.length === 1 ? (tools[0]?.name ?? null) : 'cyclonedx',
    };
  }

  #findings() {
    const tally = new FindingTally();
    for (const { id, ratings, analysis, affects } of this.#vulnerabilities) {
      if (settled.has(analysis)) {
        tally.addSuppressed();
        continue;
      }
      const [first] = affects;
      const path = first === undefined ? null : keptText(this.#purls.get(first) ?? first);
      tally.add({
        severity: gravest(ratings),
        rule: id === null ? null : keptText(id),
        path,
        lines: null,
        fingerprint: id === null ? null : keptText(`vulnerability:${id}@${path ?? ''}`),
        state: null,
      });
    }
    return tally.findings;
  }
}

function gravest(ratings: readonly unknown[]): FindingSeverity {
  const told = new Set(ratings.map(severityOfRating));
  return findingSeverities.find((severity) => told.has(severity)) ?? 'unrated';
}
