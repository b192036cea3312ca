/** Apart from the schemas, whose library the window's policy would not let run. */

/** As the field of a difference: no Conferencing Node was named with the export, and the room's device has to sign in to one. */
export const LACKS_NODE = 'server';
