import type { ReadReport } from '../../app/report-ports.ts';
import { AppError } from '../../core/errors.ts';
import { reportLimits } from '../../core/reports/report-summary.ts';
import { CoberturaReader } from './cobertura.ts';
import { readCyclonedxJson } from './cyclonedx-json.ts';
import { CyclonedxXmlReader, cyclonedxVersion } from './cyclonedx-xml.ts';
import { parseJsonObject } from './json-value.ts';
import { JunitReader } from './junit.ts';
import { readLcov } from './lcov.ts';
import { quoted, reportInvalid } from './report-invalid.ts';
import { reportText } from './report-text.ts';
import { readSarif } from './sarif.ts';
import { attributeIn, walkXml, type XmlAttributes, type XmlHandler } from './walk-xml.ts';

interface XmlReader extends XmlHandler {
  readonly report: ReadReport;
}

/**
 * A report from CI, its format told by its content and never by its name: SARIF 2.1.0, JUnit XML, Cobertura XML, LCOV, CycloneDX.
 * Whatever the bytes are, the only errors are REPORT_INVALID and INPUT_TOO_LARGE.
 */
export function readReport(file: Uint8Array): ReadReport {
  if (file.length > reportLimits.bytes)
    throw new AppError('INPUT_TOO_LARGE', {
      what: 'The report',
      size: `${file.length} bytes`,
      limit: `${reportLimits.bytes} bytes`,
    });
  const text = reportText(file);
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) throw reportInvalid('it is empty');
  if (first === '{') return readJson(text);
  // An XML declaration stands at the very beginning or nowhere.
  if (first === '<') return readXml(text.trimStart());
  if (/^\s*(?:#[^\n]*\n\s*)*(?:TN|SF):/.test(text.slice(0, 4_096))) return readLcov(text);
  throw unknown();
}

function readJson(text: string): ReadReport {
  const value = parseJsonObject(text);
  if (value.bomFormat === 'CycloneDX') return readCyclonedxJson(value);
  if ('runs' in value && 'version' in value) return readSarif(value);
  throw unknown();
}

function readXml(text: string): ReadReport {
  let reader: XmlReader | undefined;
  walkXml(text, (root, attributes) => {
    reader = readerFor(root, attributes);
    return reader;
  });
  if (reader === undefined) throw unknown();
  return reader.report;
}

function readerFor(root: string, attributes: XmlAttributes): XmlReader {
  if (root === 'testsuites' || root === 'testsuite') return new JunitReader();
  // Clover has the same root.
  if (root === 'coverage' && attributeIn(attributes, 'line-rate') !== undefined)
    return new CoberturaReader(attributes);
  const version = root === 'bom' ? cyclonedxVersion(attributes) : undefined;
  if (version !== undefined) return new CyclonedxXmlReader(version);
  throw reportInvalid(`XML with the root ${quoted(root)} is of no format that is read`);
}

function unknown(): AppError {
  return reportInvalid('its content is of no format that is read');
}
