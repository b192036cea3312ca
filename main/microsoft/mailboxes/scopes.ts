/** Which permission each part of the check needs; a part whose permission is missing leaves the others standing. */
export const SCOPES = {
  users: ['User.Read.All'],
  purpose: ['MailboxSettings.Read'],
  groups: ['GroupMember.Read.All'],
  /** Whether accounts are in a group: their ids are read too. */
  membership: ['GroupMember.Read.All', 'User.Read.All'],
  places: ['Place.Read.All'],
  /** Of others: `Calendars.ReadBasic` is for one's own. */
  calendars: ['Calendars.Read.Shared'],
} as const;
