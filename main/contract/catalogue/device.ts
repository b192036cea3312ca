/** The errors in what a device said, of whatever make. Data only; part of catalogue.ts. */

export const DEVICE_ERRORS = {
  ODD_REPLY: {
    class: 'odd',
    happened: 'The reply had a shape that is not known, so it does not count as success.',
    todo: 'Look at the words of the device and try the room again; if it stays, report them to the maintainers.',
  },
  DESCRIPTION_UNFIT: {
    class: 'odd',
    happened: 'A device announces a description that is not fetched or cannot be read.',
    todo: 'Look at the words above; the device is recorded without it.',
  },
  REPLY_TOO_LARGE: {
    class: 'odd',
    happened: 'The reply was larger than any sane one and was cut off.',
    todo: 'Restart the device and try the room again.',
  },
  REFUSED: {
    class: 'refused',
    happened: 'The device refused the command.',
    todo: 'Its own words tell why; it is not repeated by itself.',
  },
  NOT_CONFIRMED: {
    class: 'odd',
    happened: 'The change was sent but reading back shows another value.',
    todo: 'See what the device says now (below), then try the room again or undo it.',
  },
  UNKNOWN_DEVICE: {
    class: 'precondition',
    happened: 'What answers here is not recognised as a device of a supported family.',
    todo: 'Check the address in the room list. If it is right, write the exact kind into the column `family` and import it again.',
  },
  UNSUPPORTED: {
    class: 'precondition',
    happened: 'This device or software version is not supported.',
    todo: 'Update the device, or migrate this room by hand.',
  },
  FAMILY_CORRECTED: {
    class: 'precondition',
    happened: 'The device told its model, and it is of another kind than was known until now.',
    todo: 'Try the room again: the kind is corrected, and the device is spoken to as what it is.',
  },
} as const;
