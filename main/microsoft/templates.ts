/** The text of the scripts, constant and the same for everybody. A build puts the files' text in the place of the reading. */
import { readFileSync } from 'node:fs';

export const COMMON = readFileSync(new URL('../../assets/powershell/common.ps1', import.meta.url), 'utf8');
export const ROOMS = readFileSync(new URL('../../assets/powershell/rooms.ps1', import.meta.url), 'utf8');
/** Tells which PowerShell this is and which versions of the module it has; changes nothing. */
export const LOOK = readFileSync(new URL('../../assets/powershell/look.ps1', import.meta.url), 'utf8');
export const BODIES = {
  policy: readFileSync(new URL('../../assets/powershell/policy.ps1', import.meta.url), 'utf8'),
  rbac: readFileSync(new URL('../../assets/powershell/rbac.ps1', import.meta.url), 'utf8'),
  remove: readFileSync(new URL('../../assets/powershell/remove.ps1', import.meta.url), 'utf8'),
};
