/** The settings that are read: for the plan, for the backup, and to prove that nothing else moved. */
import { textAt, type Xapi } from '../xapi.ts';
import { optional } from './reads.ts';

/**
 * Whole branches are read, because each reading is a request over HTTPS; of what comes only these leaves are kept. The
 * branches hold secrets (proxy and provisioning passwords, SNMP communities) that must go nowhere.
 */
export const SETTINGS = [
  'Macros Mode',
  'Macros AutoStart',
  'Macros EvaluateTranspiled',
  'Macros QuickJSEngine',
  'NetworkServices HTTP Mode',
  'NetworkServices HTTPS Server MinimumTLSVersion',
  'NetworkServices HTTPS VerifyClientCertificate',
  'NetworkServices SSH Mode',
  'NetworkServices Websocket',
  'HttpClient Mode',
  'HttpClient AllowHTTP',
  'HttpClient AllowInsecureHTTPS',
  'HttpClient UseHttpProxy',
] as const;
export type SettingPath = (typeof SETTINGS)[number];

/** Values by path; null when the codec does not have the setting, or does not show it to this login. */
export type Settings = Record<SettingPath, string | null>;

const BRANCHES = ['Macros', 'NetworkServices', 'HttpClient'] as const;

export async function readSettings(xapi: Xapi): Promise<Settings> {
  const branches = await Promise.all(BRANCHES.map((branch) => optional(xapi.get('Configuration', branch))));
  const told = Object.fromEntries(BRANCHES.map((branch, at) => [branch, branches[at]]));
  const values = SETTINGS.map((path): [string, string | null] => [path, textAt(told, ...path.split(' ')) ?? null]);
  return Object.fromEntries(values) as Settings;
}
