/**
 * What can be wrong with a list: stable codes, and what they say in English, for `otj` and in files. The window has the
 * same in its languages (renderer/locales, listProblems). Data only.
 */

interface Entry {
  /** One sentence: what is wrong. `{{name}}` stands for a detail. */
  message: string;
  /** What to write there instead. */
  todo: string;
}

export const LIST_PROBLEMS = {
  // the file
  FILE_EMPTY: {
    message: 'The file is empty.',
    todo: 'Write a heading row and one row for each room.',
  },
  FILE_LARGE: {
    message: 'The file is larger than {{most}} MB, which no room list is.',
    todo: 'Check that it is the right file; split the list if it really is that long.',
  },
  FILE_WORKBOOK: {
    message: 'The file is a workbook (XLSX or the like), not a CSV file.',
    todo: 'Open it in Excel, choose “Save as” and the type “CSV UTF-8 (comma delimited)”, then import that file.',
  },
  FILE_CUT: {
    message: 'The file is damaged: its text (UTF-16) ends or breaks in mid-character.',
    todo: 'Open it in the program it comes from and save it as CSV (UTF-8), then import that file.',
  },
  FILE_BINARY: {
    message: 'The file is not text.',
    todo: 'Open it in the program it comes from and save it as CSV (UTF-8), then import that file.',
  },
  LINES_MANY: {
    message: 'The file has more than {{most}} lines, which no room list has.',
    todo: 'Check that it is the right file; split the list if it really is that long.',
  },
  LINE_LONG: {
    message: 'A line of the file is longer than {{most}} characters, which is no row of a room list.',
    todo: 'Check that it is the right file, and that each room stands on its own line.',
  },
  MORE: {
    message: 'There are {{left}} more problems.',
    todo: 'Correct these first, then import the list again.',
  },
  // its headings
  HEADINGS_NONE: {
    message: 'The first row has none of the expected headings.',
    todo: 'Put a row with headings on top: {{columns}} (room and mailbox are needed, the others as you have them).',
  },
  HEADINGS_KIND: {
    message: 'The list has not the headings of this kind ({{kind}}).',
    todo: 'Choose another kind, or say which column is which.',
  },
  HEADING_TWICE: {
    message: 'The headings “{{first}}” and “{{second}}” mean the same.',
    todo: 'Remove or rename one of the two columns.',
  },
  HEADING_AGAIN: {
    message: 'The headings “{{first}}” and “{{second}}” mean the same.',
    todo: 'The first of the two is read; rename one if the other is meant.',
  },
  HEADING_EMPTY: {
    message: 'A column has no heading.',
    todo: 'Give it one of these, or remove the column: {{columns}}.',
  },
  HEADING_NEAR: {
    message: 'The heading “{{heading}}” is not known, so its column is not read.',
    todo: 'Write {{near}} if that is meant; else remove the column.',
  },
  HEADING_UNKNOWN: {
    message: 'The heading “{{heading}}” is not known, so its column is not read.',
    todo: 'Use one of {{columns}} if one is meant; else remove the column.',
  },
  HEADING_ABSENT: {
    message: 'The list has no heading “{{heading}}”.',
    todo: 'Name one of its headings for {{column}}: {{headings}}',
  },
  COLUMN_MISSING: {
    message: 'The column {{column}} is missing.',
    todo: 'Add a column with the heading {{column}}.',
  },
  COLUMN_MISSPELT: {
    message: 'The column {{column}} is missing.',
    todo: 'Write {{column}} instead of “{{heading}}”.',
  },
  COLUMN_UNCHOSEN: {
    message: 'No column is chosen for {{column}}.',
    todo: 'A list of rooms needs room and mailbox; a list of devices needs serial, mac or address.',
  },
  // its rows
  QUOTE_OPEN: {
    message: 'A quotation mark is opened in this row and never closed, so the rows after it could not be read.',
    todo: 'Close the quotation mark, or remove it.',
  },
  QUOTE_STRAY: {
    message: 'A quotation mark stands within a quoted value.',
    todo: 'Write two quotation marks for each one within a quoted value.',
  },
  ROW_WIDE: {
    message: 'The row has more fields than the {{headings}} headings.',
    todo: 'Remove what is too much, or put a value that contains the separator in quotation marks.',
  },
  FORMULA_UNSAVED: {
    message: 'The cell has a formula whose result is not saved in the file.',
    todo: 'Open the workbook in your spreadsheet program and save it again, or write the value itself.',
  },
  TEXT_CONTROL: {
    message: 'The value holds line breaks or other control characters.',
    todo: 'Write it in one line: {{line}}',
  },
  TEXT_LONG: {
    message: 'The value is longer than {{most}} characters.',
    todo: 'Shorten it to at most {{most}} characters.',
  },
  NAME_MISSING: {
    message: 'The room has no name.',
    todo: 'Write the name of the room.',
  },
  NAME_TWICE: {
    message: 'Row {{at}} has a room of this name in the same building already.',
    todo: 'Give each room its own name.',
  },
  NAME_TAKEN: {
    message: 'The site file has a room of this name with the mailbox {{mailbox}}.',
    todo: 'Give the room another name, or correct its mailbox.',
  },
  MAILBOX_MISSING: {
    message: 'The room has no mailbox.',
    todo: 'Write the address of the room’s mailbox, such as room1@example.com.',
  },
  MAILBOX_UNFIT: {
    message: 'This is not a valid mail address.',
    todo: 'Write the address of the room’s mailbox, such as room1@example.com.',
  },
  MAILBOX_TWICE: {
    message: 'Row {{at}} has this mailbox already.',
    todo: 'Give each room its own mailbox.',
  },
  ADDRESS_UNFIT: {
    message: 'This is neither an IP address nor a host name.',
    todo: 'Write only an IP address such as 10.1.2.3, or a host name such as room1.example.com.',
  },
  ADDRESS_LONG: {
    message: 'This is too long for an address.',
    todo: 'Write only an IP address such as 10.1.2.3, or a host name such as room1.example.com.',
  },
  ADDRESS_NOBODY: {
    message: 'No single device can have this address.',
    todo: 'Write only an IP address such as 10.1.2.3, or a host name such as room1.example.com.',
  },
  ADDRESS_SCHEME: {
    message: 'The address begins with {{scheme}}, which does not belong there.',
    todo: 'Write {{host}}',
  },
  ADDRESS_BRACKETS: {
    message: 'The address carries brackets, which do not belong there.',
    todo: 'Write {{host}}',
  },
  ADDRESS_PORT: {
    message: 'The address carries a port, which does not belong there.',
    todo: 'Write {{host}}',
  },
  ADDRESS_TWICE: {
    message: 'Row {{at}} has this address already.',
    todo: 'Write the address of this room’s device.',
  },
  SERIAL_ROUNDED: {
    message: 'The spreadsheet has turned the serial number into a rounded number.',
    todo: 'Format the column as text and write the serial number again.',
  },
  SERIAL_TWICE: {
    message: 'Row {{at}} has this serial number already.',
    todo: 'Write that of this room’s device.',
  },
  MAC_UNFIT: {
    message: 'This is not a MAC address.',
    todo: 'Write its twelve hex digits, such as 00:E0:DB:00:02:12.',
  },
  MAC_TWICE: {
    message: 'Row {{at}} has this MAC address already.',
    todo: 'Write that of this room’s device.',
  },
  FAMILY_UNKNOWN: {
    message: 'This kind of device is not known.',
    todo: 'Write cisco, poly, poly-group, poly-trio, poly-hdx or poly-debut, or leave it empty.',
  },
  DEVICE_NAMELESS: {
    message: 'The row has neither a serial number nor a MAC address nor an address.',
    todo: 'Add one of them: a device is recognised by nothing else.',
  },
  // what the site file has already
  BEGUN_SERIAL: {
    message: 'Work on this room was begun with the device {{serial}}; another serial number is not taken over.',
    todo: 'Undo the room first. If the device was replaced: check the room, then import the list again.',
  },
  BEGUN_FAMILY: {
    message: 'Work on this room was begun with its device as {{family}}; another kind of device is not taken over.',
    todo: 'Undo the room first, then import the list again.',
  },
  BEGUN_ADDRESS: {
    message: 'The device at this address is that of {{holder}}, and work on {{room}} was begun.',
    todo: 'Finish or undo {{room}} first, or correct the address.',
  },
} as const satisfies Record<string, Entry>;

export type ListProblemCode = keyof typeof LIST_PROBLEMS;
export const LIST_PROBLEM_CODES = Object.keys(LIST_PROBLEMS) as [ListProblemCode, ...ListProblemCode[]];

type NamesIn<T extends string> = T extends `${string}{{${infer Name}}}${infer Rest}` ? Name | NamesIn<Rest> : never;
/** The details that the words of a code need. */
export type DetailsOf<C extends ListProblemCode> = Record<
  NamesIn<(typeof LIST_PROBLEMS)[C]['message'] | (typeof LIST_PROBLEMS)[C]['todo']>,
  string
>;
