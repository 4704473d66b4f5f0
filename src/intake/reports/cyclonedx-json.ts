import type { ReadReport } from '../../app/report-ports.ts';
import { BillOfMaterials } from './cyclonedx.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from './json-value.ts';

/** A CycloneDX bill of materials as JSON, of any version from 1.2 on. Error: REPORT_INVALID. */
export function readCyclonedxJson(bom: JsonObject): ReadReport {
  const bill = new BillOfMaterials(textOf(bom.specVersion));
  const tools = objectOf(bom.metadata)?.tools;
  // Until 1.4 a list; since 1.5 components and services by themselves.
  const listed = Array.isArray(tools)
    ? objectsOf(tools, 'tools')
    : objectsOf(objectOf(tools)?.components, 'tools.components');
  for (const { name, version } of listed) bill.addTool(textOf(name), textOf(version));
  addComponents(bom, bill);
  if (Array.isArray(bom.vulnerabilities)) bill.beginVulnerabilities();
  for (const { id, ratings, analysis, affects } of objectsOf(bom.vulnerabilities, 'vulnerabilities'))
    bill.addVulnerability({
      id: textOf(id),
      ratings: objectsOf(ratings, 'ratings').map(({ severity }) => severity),
      analysis: textOf(objectOf(analysis)?.state),
      affects: objectsOf(affects, 'affects').flatMap(({ ref }) => textOf(ref) ?? []),
    });
  return bill.report;
}

/** Components hold components; the depth of the whole file is limited before. */
function addComponents(owner: JsonObject, bill: BillOfMaterials): void {
  for (const component of objectsOf(owner.components, 'components')) {
    const { name, version, purl } = component;
    bill.addComponent(
      { name: textOf(name), version: textOf(version), purl: textOf(purl) },
      textOf(component['bom-ref']),
    );
    addComponents(component, bill);
  }
}
