/** The macros of a codec. */
import { OtjError } from '../../../contract/errors.ts';
import type { Macro } from '../otj/judge.ts';
import { asList, isRecord, isTrue, textAt, type Xapi } from '../xapi.ts';
import { permitted } from './reads.ts';

/** All macros with their texts. Throws REFUSED when the login has no Admin role, ODD_REPLY when a text is missing. */
export async function readMacros(xapi: Xapi): Promise<Macro[]> {
  return macrosIn(await xapi.command('Macros Macro Get', { Content: true }));
}

/** One macro as it is now; undefined when there is none of this name. Throws as `readMacros`. */
export async function readMacro(xapi: Xapi, name: string): Promise<Macro | undefined> {
  // What a codec says of a macro that it does not have is not known: then the whole list tells.
  const told = await permitted(xapi.command('Macros Macro Get', { Name: name, Content: true }));
  const found = told && macrosIn(told).find((one) => one.name === name);
  return found ?? (await readMacros(xapi)).find((one) => one.name === name);
}

function macrosIn(result: Record<string, unknown>): Macro[] {
  return asList(result.Macro).map((macro) => {
    const name = textAt(macro, 'Name');
    const content = textAt(macro, 'Content');
    if (name === undefined || content === undefined)
      throw new OtjError('ODD_REPLY', `macro ${name ?? 'without name'}: no content`);
    return { name, content, active: isRecord(macro) && isTrue(macro.Active) };
  });
}
