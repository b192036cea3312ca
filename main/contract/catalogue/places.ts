/** The errors of writing to the tenant's places. Data only; part of catalogue.ts. */

export const PLACES_ERRORS = {
  PLACES_OFF: {
    class: 'precondition',
    happened: 'Writing to the places of Microsoft 365 is switched off.',
    todo: 'Switch it on with `otj m365 places set SITE`, then sign in with `otj m365 sign-in SITE --for places`.',
  },
  PLACE_NOT_MIGRATED: {
    class: 'precondition',
    happened: 'The room is not migrated, so nothing is written about it.',
    todo: 'Migrate the room first; then run the same again.',
  },
  PLACE_MISSING: {
    class: 'precondition',
    happened: 'The tenant’s list of rooms does not have this mailbox.',
    todo: 'If the room is hidden from the address lists, have it shown, or have an Exchange administrator use Set-Place. `otj m365 check` tells what the mailbox is.',
  },
  PLACE_MOVED: {
    class: 'precondition',
    happened: 'The room has another mailbox than when its place was written to.',
    todo: 'Put back what was written at the old one: `otj m365 places undo SITE ROOM`. Then write again.',
  },
  PLACE_NOT_KEPT: {
    class: 'odd',
    happened: 'Microsoft 365 took the change, but the place does not have it.',
    todo: 'Look again in some minutes. If it stays so, the one who is signed in lacks the role Exchange Administrator (given to the person and not by a group), or the app lacks TenantPlacesManagement.',
  },
} as const;
