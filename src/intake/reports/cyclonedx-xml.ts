import type { ReadReport } from '../../app/report-ports.ts';
import { BillOfMaterials, type ToldVulnerability } from './cyclonedx.ts';
import { attributeIn, type XmlAttributes, type XmlHandler } from './walk-xml.ts';

interface OpenComponent {
  readonly role: 'part' | 'tool' | 'other';
  readonly reference: string | null;
  name: string | null;
  version: string | null;
  purl: string | null;
}

type OpenVulnerability = {
  -readonly [Key in keyof ToldVulnerability]: ToldVulnerability[Key] extends readonly (infer Item)[]
    ? Item[]
    : ToldVulnerability[Key];
};

/** The version stands in the namespace: `http://cyclonedx.org/schema/bom/1.6`. */
const namespace = /^https?:\/\/cyclonedx\.org\/schema\/bom\/(\d{1,2}\.\d{1,2})$/;

/** Version of the bill of materials that the root element begins; undefined where it is none. */
export function cyclonedxVersion(root: XmlAttributes): string | undefined {
  return Object.values(root)
    .map((value) => namespace.exec(value)?.[1])
    .find((version) => version !== undefined);
}

/** A CycloneDX bill of materials as XML. */
export class CyclonedxXmlReader implements XmlHandler {
  readonly #bill: BillOfMaterials;
  /** Those that are open, the innermost last. */
  readonly #components: OpenComponent[] = [];
  /** In the order in which they begin. */
  readonly #parts: OpenComponent[] = [];
  #vulnerability: OpenVulnerability | undefined;

  constructor(version: string) {
    this.#bill = new BillOfMaterials(version);
  }

  open(name: string, attributes: XmlAttributes, around: readonly string[]): void {
    if (this.#vulnerability) return;
    if (name === 'component' || name === 'tool') {
      const component: OpenComponent = {
        role: roleOf(around),
        reference: attributeIn(attributes, 'bom-ref') ?? null,
        name: null,
        version: null,
        purl: null,
      };
      this.#components.push(component);
      if (component.role === 'part') this.#parts.push(component);
    } else if (name === 'vulnerabilities' && around.length === 1) this.#bill.beginVulnerabilities();
    else if (name === 'vulnerability' && around.at(-1) === 'vulnerabilities')
      this.#vulnerability = { id: null, ratings: [], analysis: null, affects: [] };
  }

  close(name: string, text: string, around: readonly string[]): void {
    const parent = around.at(-1);
    const value = text.trim() === '' ? null : text.trim();
    if (parent === undefined) for (const part of this.#parts) this.#bill.addComponent(part, part.reference);
    else if (this.#vulnerability) this.#closeInVulnerability(this.#vulnerability, { name, value, parent });
    else if (name === 'component' || name === 'tool') this.#endComponent();
    else if ((parent === 'component' || parent === 'tool') && isKept(name)) {
      const component = this.#components.at(-1);
      if (component) component[name] = value;
    }
  }

  get report(): ReadReport {
    return this.#bill.report;
  }

  #endComponent(): void {
    const component = this.#components.pop();
    if (component?.role === 'tool') this.#bill.addTool(component.name, component.version);
  }

  #closeInVulnerability(
    open: OpenVulnerability,
    {
      name,
      value,
      parent,
    }: { readonly name: string; readonly value: string | null; readonly parent: string | undefined },
  ): void {
    if (name === 'vulnerability' && parent === 'vulnerabilities') {
      this.#vulnerability = undefined;
      this.#bill.addVulnerability(open);
    } else if (name === 'id' && parent === 'vulnerability') open.id = value;
    else if (name === 'severity' && parent === 'rating') open.ratings.push(value);
    else if (name === 'state' && parent === 'analysis') open.analysis = value;
    else if (name === 'ref' && parent === 'target' && value !== null) open.affects.push(value);
  }
}

/** The thing that the document describes, and what a component was made from, are no parts. */
function roleOf([, ...around]: readonly string[]): OpenComponent['role'] {
  if (around[0] === 'metadata' && around[1] === 'tools') return 'tool';
  return around.length > 0 && around.every((name) => name === 'components' || name === 'component')
    ? 'part'
    : 'other';
}

function isKept(name: string): name is 'name' | 'version' | 'purl' {
  return name === 'name' || name === 'version' || name === 'purl';
}
