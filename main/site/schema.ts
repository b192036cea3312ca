/** The tables of a site file, as numbered migrations. A landed migration is never edited; add the next number. */

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  -- Ways to open the vault's data key. The key itself is never here in clear.
  CREATE TABLE key_slot (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'keychain')),
    params TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;

  -- Sealed with AES-256-GCM, bound to the owner's name: a row copied to another owner does not open.
  CREATE TABLE secret (owner TEXT PRIMARY KEY, sealed BLOB NOT NULL, updated_at TEXT NOT NULL) STRICT;

  CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    building TEXT NOT NULL,
    floor TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    mailbox_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'not started' CHECK (state IN
      ('not started', 'ready', 'in progress', 'migrated', 'awaiting sync', 'needs attention', 'undone')),
    problem TEXT,
    state_at TEXT NOT NULL,
    cutover_at TEXT,
    served_at TEXT,
    -- What was begun on the room last. An unfinished undo is never carried on as a migration.
    work TEXT CHECK (work IN ('migrate', 'undo')),
    -- Journal number up to which all effects are part of a finished migration or undo.
    settled INTEGER NOT NULL DEFAULT 0,
    -- Names of macros that a technician has judged to be OTJ's, a JSON list.
    take_macros TEXT NOT NULL DEFAULT '[]',
    UNIQUE (building, name)
  ) STRICT;

  CREATE TABLE endpoint (
    id INTEGER PRIMARY KEY,
    room_id INTEGER REFERENCES room (id),
    family TEXT CHECK (family IN ('cisco-roomos', 'poly-videoos')),
    address TEXT NOT NULL UNIQUE,
    ssh_port INTEGER NOT NULL DEFAULT 22,
    https_port INTEGER NOT NULL DEFAULT 443,
    serial TEXT,
    mac TEXT,
    model TEXT,
    software TEXT,
    system_name TEXT,
    ssh_key TEXT,
    tls_key TEXT,
    sighting TEXT,
    seen_at TEXT,
    -- The login that this device refused, as credential and its time: not tried again unasked until it changes.
    refused_login TEXT
  ) STRICT;
  CREATE INDEX endpoint_room ON endpoint (room_id);
  CREATE INDEX endpoint_serial ON endpoint (serial);

  -- Logins. room_id set = only for that room. The password is in secret, owner 'credential:<id>'.
  CREATE TABLE credential (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('cisco-roomos', 'poly-videoos', 'infinity')),
    room_id INTEGER REFERENCES room (id),
    username TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    -- When a device first accepted it; cleared with every new password.
    proven_at TEXT,
    -- When it was refused before any device had accepted it; cleared likewise.
    refused_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX credential_scope ON credential (purpose, coalesce(room_id, 0));

  CREATE TABLE plan (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    steps TEXT NOT NULL,
    made_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('migrate', 'undo')),
    technician TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT
  ) STRICT;

  -- What was meant and what was seen. An intent without an outcome is a step of unknown end.
  CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    room_id INTEGER NOT NULL REFERENCES room (id),
    step TEXT NOT NULL,
    title TEXT NOT NULL,
    edge TEXT NOT NULL CHECK (edge IN ('intent', 'outcome')),
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'already', 'owed', 'failed')),
    problem TEXT,
    evidence TEXT,
    changes TEXT,
    at TEXT NOT NULL,
    ms INTEGER
  ) STRICT;
  CREATE INDEX journal_room ON journal (room_id, id);

  -- What a device said, once per wording; the hash is the name.
  CREATE TABLE evidence (sha256 TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT;

  -- The state before the first change. One open baseline per device until it is undone. It belongs to the serial
  -- number and not to an address: addresses move, and a replaced device must never get another one's settings.
  CREATE TABLE baseline (
    id INTEGER PRIMARY KEY,
    serial TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    closed_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX baseline_open ON baseline (serial) WHERE closed_at IS NULL;

  -- Contents may hold the Service's credentials, so they are sealed; the hash is of the clear content.
  CREATE TABLE backup (
    id INTEGER PRIMARY KEY,
    baseline_id INTEGER NOT NULL REFERENCES baseline (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    saved_at TEXT NOT NULL,
    UNIQUE (baseline_id, kind, name, sha256)
  ) STRICT;

  -- The room's entry on Infinity, as last known. before = what it was when it existed before us.
  CREATE TABLE infinity_entry (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    entry_id INTEGER NOT NULL,
    created_by_us INTEGER NOT NULL,
    before TEXT,
    server TEXT,
    delivered_at TEXT NOT NULL,
    last_contact TEXT,
    last_node TEXT,
    meetings INTEGER
  ) STRICT;

  -- Writes owed to Infinity, safe to repeat. At most one of a kind is owed per room.
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    kind TEXT NOT NULL CHECK (kind IN ('entry', 'contact', 'entry-removal')),
    created_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    -- Entries: Infinity had none for this room when it was looked up before the write, so the one written is ours.
    none_before INTEGER NOT NULL DEFAULT 0,
    -- Entries: the one that Infinity had then, as it was before our first write to it.
    before TEXT,
    tried_at TEXT,
    delivered_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX outbox_owed ON outbox (room_id, kind) WHERE delivered_at IS NULL;

  -- What a person still has to do, and who said it is done.
  CREATE TABLE manual_step (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES room (id),
    kind TEXT NOT NULL,
    ticked_by TEXT,
    ticked_at TEXT,
    note TEXT,
    UNIQUE (room_id, kind)
  ) STRICT;
  `,
  `
  -- How to speak to a device: the technician's choice, how it went the last time, and whether old algorithms may be agreed.
  ALTER TABLE endpoint ADD COLUMN transport TEXT NOT NULL DEFAULT 'auto' CHECK (transport IN ('auto', 'ssh', 'https'));
  ALTER TABLE endpoint ADD COLUMN last_transport TEXT CHECK (last_transport IN ('ssh', 'https'));
  -- What was not safe about the last link, in words.
  ALTER TABLE endpoint ADD COLUMN weakness TEXT;
  ALTER TABLE endpoint ADD COLUMN legacy INTEGER NOT NULL DEFAULT 0;
  -- What the device told of itself at the last visit, a JSON list.
  ALTER TABLE endpoint ADD COLUMN told TEXT NOT NULL DEFAULT '[]';
  -- Names of macros that a technician has judged not to be OTJ's, a JSON list.
  ALTER TABLE room ADD COLUMN leave_macros TEXT NOT NULL DEFAULT '[]';
  -- Objections of the checks that a technician has accepted for this room, a JSON list.
  ALTER TABLE room ADD COLUMN accepted TEXT NOT NULL DEFAULT '[]';
  `,
  `
  -- How a login is proven: by a password, or by the private key of an OAuth2 client, which is sealed in its place.
  ALTER TABLE credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'basic' CHECK (kind IN ('basic', 'oauth2'));
  -- The entry's fields as last read back after our write, JSON: what differs later was changed by somebody else.
  ALTER TABLE infinity_entry ADD COLUMN base TEXT;
  -- Fields that stay as somebody else has set them, JSON: our own value then by field. A new value of ours ends it.
  ALTER TABLE infinity_entry ADD COLUMN yielded TEXT;
  -- Fields as last sent, JSON: should the reply be lost, they are not taken for somebody else's.
  ALTER TABLE outbox ADD COLUMN sent TEXT;
  -- What somebody has changed meanwhile, JSON: nothing is written until a person has decided.
  ALTER TABLE outbox ADD COLUMN conflict TEXT;
  `,
  `
  -- Infinity's own word for a room as it was asked for last, beside what the device showed: JSON, no personal data.
  CREATE TABLE proof (room_id INTEGER PRIMARY KEY REFERENCES room (id), seen TEXT NOT NULL) STRICT;
  -- When the device told what is in told: what it said before its move says nothing of it after.
  ALTER TABLE endpoint ADD COLUMN told_at TEXT;
  `,
  `
  -- What the last room list said of a room's device. A list that says the same again changes nothing: what was matched
  -- or corrected since is newer. Also what is expected of a room that has no device yet.
  CREATE TABLE listed_room (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    address TEXT,
    serial TEXT,
    mac TEXT,
    family TEXT CHECK (family IN ('cisco-roomos', 'poly-videoos'))
  ) STRICT;

  -- Devices that another program's list tells of, with the names it has for them. They help to match and are no proof.
  CREATE TABLE listed_device (
    id INTEGER PRIMARY KEY,
    -- Serial number, else MAC address, else address.
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    room TEXT NOT NULL,
    building TEXT NOT NULL,
    address TEXT,
    serial TEXT,
    mac TEXT,
    model TEXT,
    family TEXT CHECK (family IN ('cisco-roomos', 'poly-videoos')),
    listed_at TEXT NOT NULL
  ) STRICT;

  -- Every giving of a device to a room and taking away, so that it can be undone. One batch is one deed.
  CREATE TABLE match_log (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    room_id INTEGER NOT NULL REFERENCES room (id),
    -- The room's device before and after; NULL = none.
    before_id INTEGER,
    after_id INTEGER,
    -- The room that the new device was taken from, and what was expected of the device before.
    from_room_id INTEGER,
    serial TEXT,
    family TEXT,
    technician TEXT NOT NULL,
    at TEXT NOT NULL,
    undone_at TEXT
  ) STRICT;
  CREATE INDEX match_batch ON match_log (batch);
  `,
  `
  -- What was seen of a device on the network: each wording once, with the times when it was first and last so.
  CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
    -- Where the device was then.
    address TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    UNIQUE (endpoint_id, address, source, name, value)
  ) STRICT;
  CREATE INDEX fact_identity ON fact (name, value) WHERE name IN ('serial', 'mac');

  -- What the facts say together: a kind of assets/device-fingerprints.json, and whether it is a room's video system.
  ALTER TABLE endpoint ADD COLUMN kind TEXT;
  ALTER TABLE endpoint ADD COLUMN ours INTEGER;
  -- Serial number, MAC address, model, software and name as seen without a login, a JSON object.
  ALTER TABLE endpoint ADD COLUMN seen TEXT NOT NULL DEFAULT '{}';
  -- Where sources disagree, a JSON list.
  ALTER TABLE endpoint ADD COLUMN conflicts TEXT NOT NULL DEFAULT '[]';

  -- The search that was not finished, if any, so that it can be carried on.
  CREATE TABLE search (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    wish TEXT NOT NULL,
    looked INTEGER NOT NULL,
    total INTEGER NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- SHA-256 of the text of each macro that a technician has judged to be OTJ's, a JSON object by name.
  ALTER TABLE room ADD COLUMN take_texts TEXT NOT NULL DEFAULT '{}';
  -- The same of all macros as they were read last.
  ALTER TABLE room ADD COLUMN seen_texts TEXT NOT NULL DEFAULT '{}';
  `,
  `
  -- Scripts for the Exchange administrator that somebody has read and signed off.
  CREATE TABLE access_script (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Of the file's bytes.
    sha256 TEXT NOT NULL,
    -- App, group and the way in which the app is kept to it, as they were then: JSON.
    meant TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    signed_at TEXT NOT NULL
  ) STRICT;
  -- What such a script last told of a room's mailbox: JSON, Exchange's words among it.
  CREATE TABLE mailbox_access (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    mailbox TEXT NOT NULL,
    script_id TEXT NOT NULL REFERENCES access_script (id),
    seen TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- First devices of their kind: what is not confirmed for a model and firmware goes to one device, and to others only
  -- once that one has come to its end. gate names what it is about, in the driver's words; about is what a driver wants
  -- to know again, JSON.
  CREATE TABLE pilot (
    gate TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    room_id INTEGER NOT NULL REFERENCES room (id),
    serial TEXT NOT NULL,
    -- Who said that he or she is watching, and when.
    technician TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    -- When it came to its end as wished, with what the device said then.
    confirmed_at TEXT,
    words TEXT,
    -- Why it did not, JSON.
    problem TEXT
  ) STRICT;
  `,
  `
  -- Of Poly there are more families than one, and a device may be spoken to over telnet when a technician says so. SQLite
  -- cannot change a check, so each column is made anew; the program itself checks which families there are.
  ALTER TABLE endpoint ADD COLUMN family2 TEXT CHECK (family2 GLOB 'cisco-*' OR family2 GLOB 'poly-*');
  UPDATE endpoint SET family2 = family;
  ALTER TABLE endpoint DROP COLUMN family;
  ALTER TABLE endpoint RENAME COLUMN family2 TO family;
  ALTER TABLE listed_room ADD COLUMN family2 TEXT CHECK (family2 GLOB 'cisco-*' OR family2 GLOB 'poly-*');
  UPDATE listed_room SET family2 = family;
  ALTER TABLE listed_room DROP COLUMN family;
  ALTER TABLE listed_room RENAME COLUMN family2 TO family;
  ALTER TABLE listed_device ADD COLUMN family2 TEXT CHECK (family2 GLOB 'cisco-*' OR family2 GLOB 'poly-*');
  UPDATE listed_device SET family2 = family;
  ALTER TABLE listed_device DROP COLUMN family;
  ALTER TABLE listed_device RENAME COLUMN family2 TO family;
  DROP INDEX credential_scope;
  ALTER TABLE credential ADD COLUMN purpose2 TEXT NOT NULL DEFAULT 'infinity'
    CHECK (purpose2 = 'infinity' OR purpose2 GLOB 'cisco-*' OR purpose2 GLOB 'poly-*');
  UPDATE credential SET purpose2 = purpose;
  ALTER TABLE credential DROP COLUMN purpose;
  ALTER TABLE credential RENAME COLUMN purpose2 TO purpose;
  CREATE UNIQUE INDEX credential_scope ON credential (purpose, coalesce(room_id, 0));
  ALTER TABLE endpoint ADD COLUMN transport2 TEXT NOT NULL DEFAULT 'auto'
    CHECK (transport2 IN ('auto', 'ssh', 'https', 'telnet'));
  UPDATE endpoint SET transport2 = transport;
  ALTER TABLE endpoint DROP COLUMN transport;
  ALTER TABLE endpoint RENAME COLUMN transport2 TO transport;
  ALTER TABLE endpoint ADD COLUMN last_transport2 TEXT CHECK (last_transport2 IN ('ssh', 'https', 'telnet'));
  UPDATE endpoint SET last_transport2 = last_transport;
  ALTER TABLE endpoint DROP COLUMN last_transport;
  ALTER TABLE endpoint RENAME COLUMN last_transport2 TO last_transport;
  `,
  `
  -- What Microsoft 365 itself told of a room's mailbox at the last check: findings, JSON.
  CREATE TABLE mailbox_check (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    -- As it was asked for.
    mailbox TEXT NOT NULL,
    findings TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  -- The rooms that the tenant's list had then, in the list's own words.
  CREATE TABLE tenant_room (
    mailbox_key TEXT PRIMARY KEY,
    mailbox TEXT NOT NULL,
    name TEXT NOT NULL,
    building TEXT NOT NULL,
    floor TEXT NOT NULL,
    capacity INTEGER,
    -- Mailbox of the room of this site that it belongs to under another address; NULL = none is known.
    known_as TEXT
  ) STRICT;
  `,
  `
  -- What the team's list in SharePoint has of a room, and what is to become of it.
  CREATE TABLE result_item (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    item_id TEXT,
    etag TEXT,
    -- Our columns as they were when it had this etag; as last agreed, so that what people have changed since is known; and
    -- the values that we had for them then. JSON.
    seen TEXT,
    base TEXT,
    written TEXT,
    -- What is about to be sent, JSON: should the answer be lost, it is looked up by its key before it is sent again.
    sending TEXT,
    sending_at TEXT,
    -- What somebody has changed there, JSON.
    conflict TEXT,
    problem TEXT,
    -- Somebody has deleted the item, and a person has decided to leave it so.
    kept_out INTEGER NOT NULL DEFAULT 0,
    -- Key of the lease that this site file has taken on the room.
    lease TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    tried_at TEXT,
    delivered_at TEXT
  ) STRICT;

  -- Rooms with news that the list does not have yet. Noted by the triggers below, so that no change can be forgotten and
  -- each is noted in the transaction that makes it; only where results are to be published. A migration that makes a
  -- column of these tables anew has to make the triggers anew too.
  CREATE TABLE result_owed (room_id INTEGER PRIMARY KEY, since TEXT NOT NULL, change INTEGER NOT NULL) STRICT;
  CREATE TRIGGER result_room_new AFTER INSERT ON room BEGIN
    INSERT INTO result_owed SELECT new.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_room AFTER UPDATE OF name, building, floor, mailbox, state, problem, state_at, cutover_at, served_at
    ON room BEGIN
    INSERT INTO result_owed SELECT new.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_device AFTER UPDATE OF room_id, model, software, serial ON endpoint BEGIN
    INSERT INTO result_owed SELECT value, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1 FROM json_each(json_array(old.room_id, new.room_id))
      WHERE value IS NOT NULL AND EXISTS (SELECT 1 FROM setting s WHERE s.key = 'results' AND s.value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_step_new AFTER INSERT ON manual_step BEGIN
    INSERT INTO result_owed SELECT new.room_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_step AFTER UPDATE ON manual_step BEGIN
    INSERT INTO result_owed SELECT new.room_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_step_gone AFTER DELETE ON manual_step BEGIN
    INSERT INTO result_owed SELECT old.room_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;

  -- Report files in the site's library, by their path there.
  CREATE TABLE result_file (
    path TEXT PRIMARY KEY,
    -- Of what the report says, but for the moment in which it was made.
    digest TEXT,
    url TEXT,
    bytes INTEGER NOT NULL,
    at TEXT NOT NULL,
    problem TEXT
  ) STRICT;

  -- What the list told of each room when it was read last, by room key: JSON.
  CREATE TABLE team_room (key TEXT PRIMARY KEY, room_id INTEGER, seen TEXT NOT NULL) STRICT;
  CREATE INDEX team_of_room ON team_room (room_id);
  `,
  `
  -- A list that names the vendor Poly and no product tells no family: the likeliest stands there, and is given up as soon
  -- as something of the device says otherwise.
  ALTER TABLE endpoint ADD COLUMN family_guessed INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- A device is news for the team's list when it is new, or when it is another than before; a look that finds it as it was is none.
  DROP TRIGGER result_device;
  CREATE TRIGGER result_device_new AFTER INSERT ON endpoint WHEN new.room_id IS NOT NULL BEGIN
    INSERT INTO result_owed SELECT new.room_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1
      WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'results' AND value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  CREATE TRIGGER result_device AFTER UPDATE OF room_id, model, software, serial ON endpoint
    WHEN old.room_id IS NOT new.room_id OR old.model IS NOT new.model OR old.software IS NOT new.software
      OR old.serial IS NOT new.serial BEGIN
    INSERT INTO result_owed SELECT value, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1 FROM json_each(json_array(old.room_id, new.room_id))
      WHERE value IS NOT NULL AND EXISTS (SELECT 1 FROM setting s WHERE s.key = 'results' AND s.value <> 'null')
      ON CONFLICT (room_id) DO UPDATE SET change = change + 1;
  END;
  `,
  `
  -- What another program's list says of a Poly device may be no more than the vendor: the likeliest family stands there then.
  ALTER TABLE listed_device ADD COLUMN family_guessed INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- When a write of ours last changed a field of the entry, or else its first delivery.
  ALTER TABLE infinity_entry ADD COLUMN changed_at TEXT;
  `,
  `
  -- What we have written to places of Microsoft 365: what stood there before (so that it can be put back), what is ours by
  -- now, and what is on its way, should its answer be lost. All but the mailbox are JSON.
  CREATE TABLE place_update (
    room_id INTEGER PRIMARY KEY REFERENCES room (id),
    mailbox TEXT NOT NULL,
    ours TEXT NOT NULL,
    sending TEXT,
    -- What was wished for when the room came to its end last: while that is the same, nothing is owed.
    wish TEXT,
    -- What somebody has set there and stays so.
    theirs TEXT NOT NULL,
    problem TEXT,
    at TEXT
  ) STRICT;
  `,
  `
  -- Where the list has a room twice, each item tells something of its own.
  ALTER TABLE team_room RENAME TO team_room_before;
  DROP INDEX team_of_room;
  CREATE TABLE team_room (
    key TEXT NOT NULL,
    -- Id of the item; empty = not known, from before it was kept.
    item TEXT NOT NULL,
    room_id INTEGER,
    seen TEXT NOT NULL,
    PRIMARY KEY (key, item)
  ) STRICT;
  CREATE INDEX team_of_room ON team_room (room_id);
  INSERT INTO team_room SELECT key, '', room_id, seen FROM team_room_before;
  DROP TABLE team_room_before;
  `,
  `
  -- Where the site file lay when it took the lease (a hash of its path): a copy of it elsewhere has not taken it. Null = not known.
  ALTER TABLE result_item ADD COLUMN lease_place TEXT;
  `,
];
