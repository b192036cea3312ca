/** Reads the provisioning export of VideoOS (`GET /rest/provisioning/config`). Pure and total. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { Parsed } from './replies.ts';

/** Far above any export seen; bounds the work of the parser. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

const attributes = z.record(z.string(), z.unknown());
const exportSchema = z.looseObject({
  PHONE_CONFIG: z.looseObject({ ALL: z.union([attributes, z.array(attributes)]) }),
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
 * Entities are not resolved and a document type is refused, so that the file can make the parser do nothing else.
 */
export function parseExport(xml: string): Parsed<ReadonlyMap<string, string>> {
  if (xml.length > MAX_CHARACTERS) return { ok: false, why: 'export: too large' };
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return { ok: false, why: 'export: holds a document type' };
  try {
    if (XMLValidator.validate(xml) !== true) return { ok: false, why: 'export: broken XML' };
    const parsed = exportSchema.safeParse(parser.parse(xml));
    if (!parsed.success) return { ok: false, why: 'export: unknown shape' };
    const settings = new Map<string, string>();
    for (const group of [parsed.data.PHONE_CONFIG.ALL].flat())
      for (const [name, value] of Object.entries(group)) if (typeof value === 'string') settings.set(name, value);
    return { ok: true, value: settings };
  } catch {
    return { ok: false, why: 'export: broken XML' };
  }
}
