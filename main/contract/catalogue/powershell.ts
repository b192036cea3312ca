/** The errors of running an access script on this computer. Data only; part of catalogue.ts. */

export const POWERSHELL_ERRORS = {
  PWSH_MISSING: {
    class: 'precondition',
    happened: 'This computer has no PowerShell 7 (pwsh).',
    todo: 'Install PowerShell 7, or write the script with `otj m365 script` and have it run on another computer.',
  },
  PWSH_MODULE: {
    class: 'precondition',
    happened: 'PowerShell lacks the module ExchangeOnlineManagement, or its version does not go with this PowerShell.',
    todo: 'In PowerShell: Install-Module ExchangeOnlineManagement -Scope CurrentUser. Module 3.10 and newer needs PowerShell 7.6, from 3.5 on 7.4.',
  },
  PWSH_UNSTARTED: {
    class: 'precondition',
    happened: 'PowerShell could not be started, or did not answer as it should.',
    todo: 'See the words above, and try `pwsh -Version` in a terminal. The script can also be written with `otj m365 script`.',
  },
  PWSH_LOOK_FIRST: {
    class: 'precondition',
    happened: 'What this script would change has not been looked at yet, or it is another by now.',
    todo: 'Run it without changes first (`otj m365 run SITE`), read what it would do, then run it for real.',
  },
  PWSH_RUNNING: {
    class: 'precondition',
    happened: 'A script that this program no longer watches may still be at work, so no other was started.',
    todo: 'Wait until it has ended, or end that process yourself; then run it again.',
  },
  PWSH_NO_RESULT: {
    class: 'odd',
    happened: 'The script ended without its result, so it is not known what it did.',
    todo: 'Read what it printed, mend that, and run it again without changes: it tells what is still to be done.',
  },
  PWSH_SILENT: {
    class: 'odd',
    happened: 'The script said nothing for half an hour and was ended.',
    todo: 'Run it again without changes: it tells what is still to be done. If a sign-in was left open, finish it in time.',
  },
} as const;
