import sax, { type QualifiedTag, type SAXOptions, type Tag } from 'sax';
import { AppError } from '../../core/errors.ts';
import { reportInvalid } from './report-invalid.ts';

/** Nested test suites are three or four levels deep. */
const maxDepth = 100;
const maxElements = 3_000_000;
/** Longer text between tags is output of tests, of which nothing is kept. */
const maxText = 2_000;
const chunkSize = 64 * 1024;

/** The types are older than the option. */
const options = { strictEntities: true } as SAXOptions;

export type XmlAttributes = Readonly<Record<string, string>>;

/** What an element is told with: names without their prefix, the names around it from the root on. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes, around: readonly string[]): void;
  /** `text` is what stands directly in it, at most 2,000 characters. */
  close(name: string, text: string, around: readonly string[]): void;
}

/**
 * Walks the document once; `begin` chooses the handler by the root element. No entity but the five of XML is known, nothing is
 * fetched, and a DOCTYPE that declares anything is refused, so a text never grows. Errors: REPORT_INVALID, INPUT_TOO_LARGE.
 */
export function walkXml(text: string, begin: (root: string, attributes: XmlAttributes) => XmlHandler): void {
  const parser = sax.parser(true, options);
  // A failure's message in an attribute may be long; the file's own limit bounds it.
  (parser as unknown as { bufferCheckPosition: number }).bufferCheckPosition = Number.POSITIVE_INFINITY;
  const around: string[] = [];
  const texts: string[] = [];
  let handler: XmlHandler | undefined;
  let elements = 0;
  parser.onerror = (error) => {
    throw reportInvalid(
      `it is not well-formed XML (${firstLine(error.message)}, line ${parser.line + 1})`,
      error,
    );
  };
  parser.ondoctype = (doctype) => {
    if (doctype.replaceAll(/"[^"]*"|'[^']*'/g, '').includes('[')) throw declares();
  };
  parser.onsgmldeclaration = () => {
    throw declares();
  };
  parser.onopentag = ({ name, attributes }: Tag | QualifiedTag) => {
    elements += 1;
    if (elements > maxElements)
      throw new AppError('INPUT_TOO_LARGE', {
        what: 'The report',
        size: 'more elements',
        limit: `${maxElements} elements`,
      });
    if (around.length >= maxDepth) throw reportInvalid(`it is nested deeper than ${maxDepth} levels`);
    if (handler !== undefined && around.length === 0) throw reportInvalid('it has two root elements');
    const plain = localName(name);
    handler ??= begin(plain, attributes as XmlAttributes);
    handler.open(plain, attributes as XmlAttributes, around);
    around.push(plain);
    texts.push('');
  };
  const onText = (more: string) => {
    const at = texts.length - 1;
    const before = texts[at];
    if (before !== undefined && before.length < maxText) texts[at] = (before + more).slice(0, maxText);
  };
  parser.ontext = onText;
  parser.oncdata = onText;
  parser.onclosetag = (name) => {
    around.pop();
    handler?.close(localName(name), texts.pop() ?? '', around);
  };
  for (let at = 0; at < text.length; at += chunkSize) parser.write(text.slice(at, at + chunkSize));
  parser.close();
  if (handler === undefined) throw reportInvalid('it is XML without an element');
}

/** A whole number from 0 on; undefined where the attribute is missing or says something else. */
export function countIn(attributes: XmlAttributes, name: string): number | undefined {
  const text = attributeIn(attributes, name);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

export function attributeIn(attributes: XmlAttributes, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

function declares(): AppError {
  return reportInvalid('its DOCTYPE declares entities or elements, which no report needs');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 80).replace(/\.$/, '');
}
