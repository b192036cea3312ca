/** The ends of work on a room or on a whole run that are no fault of a device. Data only; part of catalogue.ts. */

export const FLOW_ERRORS = {
  CANCELLED: {
    class: 'precondition',
    happened: 'The work was stopped on request before this room was done.',
    todo: 'Try the room again: it carries on from what is true on the device.',
  },
  BATCH_PAUSED: {
    class: 'precondition',
    happened: 'The same failure repeated, so the batch was paused before this room.',
    todo: 'Look at the failure of the rooms before it, then run again.',
  },
  SYNC_STOPPED: {
    class: 'precondition',
    happened:
      'Infinity failed in the same way again and again, so the sync was stopped. Nothing is lost: what it has not got is still owed.',
    todo: 'Mend what the failures before this one say, then sync again.',
  },
  PILOT_NEEDED: {
    class: 'precondition',
    happened: 'What would be changed is not confirmed for this model and software, so one device has to go first.',
    todo: 'Stand by one such device and run it as the pilot: `otj run SITE ROOM --pilot ROOM`. When its meeting was seen, the others follow.',
  },
  PILOT_WAITS: {
    class: 'precondition',
    happened: 'The room waits for its pilot: another device of this model and software goes first.',
    todo: 'See how the pilot room that is named above ends, or put that one back; then run again, and this room follows.',
  },
  PILOT_NONE: {
    class: 'usage',
    happened: 'No pilot of this kind is in the site file.',
    todo: 'See which there are with `otj poly pilots SITE`.',
  },
  FIRST_DID_NOT: {
    class: 'precondition',
    happened: 'The first device did not take it, so it was sent to no other.',
    todo: 'Look at what the first device said, correct the line, then send it again.',
  },
  NOT_ARRIVED: {
    class: 'odd',
    happened: 'The device is set, but it has not registered with the Conferencing Node in time.',
    todo: 'Check that the device can reach the node by name on port 443, then try the room again or undo it.',
  },
} as const;
