/** What the codec asks of passphrases. Names of the rules as in the public schemas, 9.15 to 26.4. */
import { textAt, type Xapi } from '../xapi.ts';
import { optional } from './reads.ts';

/** What counts for each rule. [assumed] A special character is none of letters, digits and `_`, which is the stricter reading. */
const COUNTED = {
  MinimumLength: /[\s\S]/gu,
  MinimumDigits: /[0-9]/g,
  MinimumLowercase: /[a-z]/g,
  MinimumUppercase: /[A-Z]/g,
  MinimumSpecial: /[^A-Za-z0-9_\s]/gu,
} as const;
type Rule = keyof typeof COUNTED;
const RULES = Object.keys(COUNTED) as Rule[];

export interface PasswordPolicy {
  /** By rule of `UserManagement PasswordPolicy Complexity`; 0 where the codec tells none. */
  minimum: Record<Rule, number>;
  /** `MaxLifetime`: days until a passphrase ends; 0 = never, or not told. */
  lifetimeDays: number;
}

export async function readPolicy(xapi: Xapi): Promise<PasswordPolicy> {
  const told = await optional(xapi.get('Configuration', 'UserManagement PasswordPolicy'));
  const number = (...path: string[]) => {
    const value = Number(textAt(told, ...path) ?? 0);
    return Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
  };
  const minimum = Object.fromEntries(RULES.map((rule) => [rule, number('Complexity', rule)])) as Record<Rule, number>;
  return { minimum, lifetimeDays: number('MaxLifetime') };
}

/** @returns the first rule that a passphrase would break, as the codec names it with its value; null when none */
export function brokenRule({ minimum }: PasswordPolicy, passphrase: string): string | null {
  const broken = RULES.find((rule) => (passphrase.match(COUNTED[rule])?.length ?? 0) < minimum[rule]);
  return broken ? `UserManagement PasswordPolicy Complexity ${broken}: ${minimum[broken]}` : null;
}
