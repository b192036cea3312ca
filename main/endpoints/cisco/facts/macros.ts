/** The macros of a codec. */
import { OtjError } from '../../../contract/errors.ts';
import type { Macro } from '../otj/judge.ts';
import { asList, isRecord, isTrue, textAt, type Xapi } from '../xapi.ts';

/** All macros with their texts. Throws REFUSED when the login has no Admin role, ODD_REPLY when a text is missing. */
export async function readMacros(xapi: Xapi): Promise<Macro[]> {
  const result = await xapi.command('Macros Macro Get', { Content: true });
  return asList(result.Macro).map((macro) => {
    const name = textAt(macro, 'Name');
    const content = textAt(macro, 'Content');
    if (name === undefined || content === undefined)
      throw new OtjError('ODD_REPLY', `macro ${name ?? 'without name'}: no content`);
    return { name, content, active: isRecord(macro) && isTrue(macro.Active) };
  });
}
