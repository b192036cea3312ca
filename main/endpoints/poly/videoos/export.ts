/** Reads the provisioning export of VideoOS (`GET /rest/provisioning/config`). Pure and total. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { Parsed } from './replies.ts';

/** Far above any export seen; bounds the work of the parser. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

const attributes = z.record(z.string(), z.unknown());
const exportSchema = z.looseObject({
  PHONE_CONFIG: z.looseObject({
    // An element with nothing in it is read as an empty text.
    ALL: z.union([attributes, z.array(attributes), z.literal('').transform(() => ({}))]),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  processEntities: false,
});

/**
 * Settings of an export: root `PHONE_CONFIG`, child `ALL`, every setting an attribute (as a Studio X30 writes it).
 * Entities are not resolved by the parser and a document type is refused, so that the file can make it do nothing else;
 * what every XML has, such as `&#xA;` for a line end in a certificate, is read afterwards.
 */
export function parseExport(text: string): Parsed<ReadonlyMap<string, string>> {
  const xml = text.trimStart();
  if (xml.length > MAX_CHARACTERS) return { ok: false, why: 'export: too large' };
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return { ok: false, why: 'export: holds a document type' };
  try {
    if (XMLValidator.validate(xml) !== true) return { ok: false, why: 'export: broken XML' };
    const parsed = exportSchema.safeParse(parser.parse(xml));
    if (!parsed.success) return { ok: false, why: 'export: unknown shape' };
    const settings = new Map<string, string>();
    for (const group of [parsed.data.PHONE_CONFIG.ALL].flat())
      for (const [name, value] of Object.entries(group))
        if (typeof value === 'string') settings.set(name, plain(value));
    return { ok: true, value: settings };
  } catch {
    return { ok: false, why: 'export: broken XML' };
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A value with its character references and the five entities of XML read; others stay as they are. */
function plain(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (all, hex, decimal, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? all;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
