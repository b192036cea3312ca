/** The errors of the results list of a team, and of taking rooms in it. Data only; part of catalogue.ts. */

export const RESULTS_ERRORS = {
  RESULTS_UNSET: {
    class: 'precondition',
    happened: 'No list for the results is set.',
    todo: 'Choose the SharePoint site and its list with `otj m365 results set SITE --site URL`.',
  },
  RESULTS_SITE_ADDRESS: {
    class: 'usage',
    happened: 'This is not the address of a SharePoint site.',
    todo: 'Copy it from the browser, such as https://contoso.sharepoint.com/sites/otj.',
  },
  RESULTS_SITE_MISSING: {
    class: 'precondition',
    happened: 'The SharePoint site is not there, or this sign-in may not see it.',
    todo: 'Check its address; else ask its owner for access, or the administrator to grant this app the site.',
  },
  RESULTS_LIST_MISSING: {
    class: 'precondition',
    happened: 'The list for the results is not in the SharePoint site.',
    todo: 'If somebody deleted it, restore it from the site’s recycle bin; else name another with `otj m365 results set`, or have it made with --create. Nothing that is owed is lost.',
  },
  RESULTS_COLUMN_MISSING: {
    class: 'precondition',
    happened: 'A column that the results need is not in the list.',
    todo: 'Add it again, or say which column is to take it with `otj m365 results set --map`. Nothing was written.',
  },
  RESULTS_COLUMN_UNFIT: {
    class: 'precondition',
    happened: 'A column of the list cannot take the results.',
    todo: 'The detail says which and why; change the column, or choose another with `otj m365 results set --map`. Nothing was written.',
  },
  RESULTS_NOT_INDEXED: {
    class: 'precondition',
    happened: 'The list is so long that SharePoint does not search a column without an index.',
    todo: 'Give the column of the room key an index in the list’s settings (Indexed columns), then publish again.',
  },
  RESULTS_CHANGED: {
    class: 'precondition',
    happened: 'Somebody has changed values in the list of which there is news here too.',
    todo: 'Compare them; then `otj m365 results publish SITE --take site ROOM` writes ours, and `--take list ROOM` leaves theirs. These values were not written.',
  },
  RESULTS_MOVED: {
    class: 'precondition',
    happened: 'The values to decide about are others now than those that were shown.',
    todo: 'Look at them again, in the window or with `otj m365 results status`, then decide. Nothing was decided.',
  },
  RESULTS_GONE: {
    class: 'precondition',
    happened: 'Somebody has deleted this room’s item in the list.',
    todo: '`otj m365 results publish SITE --take site ROOM` makes it again, `--take list ROOM` leaves it out.',
  },
  RESULTS_DOUBLE: {
    class: 'precondition',
    happened: 'The list has more than one item with the key of this room.',
    todo: 'Delete the wrong one in the list, then publish again. Nothing is lost.',
  },
  RESULTS_UNSURE: {
    class: 'odd',
    happened: 'The item of this room was sent and the answer was lost.',
    todo: 'Publish again: it is looked for in the list before it is sent once more, so it cannot be there twice.',
  },
  RESULTS_REFUSED: {
    class: 'refused',
    happened: 'SharePoint did not accept the item of this room.',
    todo: 'See its own words above; check the list’s columns and rules, then publish again.',
  },
  ROOM_TAKEN: {
    class: 'precondition',
    happened: 'Somebody else has this room in work, or has worked on it, by the team’s list.',
    todo: 'The detail says who: talk to them first. `--insist` with the name of the room begins it all the same. Nothing was changed.',
  },
  TEAM_UNREACHABLE: {
    class: 'unreachable',
    happened:
      'The team’s list could not be read or written, so it is not known whether somebody else is at work there.',
    todo: 'Work goes on. When you are online, `otj m365 results publish` tells the others what you did.',
  },
  LEASE_LOST: {
    class: 'precondition',
    happened: 'Somebody else has taken this room in the list while you were at work on it.',
    todo: 'Your work goes on, and nothing is cut off. Talk to them before you go back to this room.',
  },
} as const;
