import {
  type Corruption,
  flip,
  flipByte,
  remove,
  replaceText,
  signByStranger,
  statements,
} from './damage.ts';

const checkpointRow = (size: number) => `log = 'events' AND size = ${size}`;

/** Whatever can be done to tiles, bundles, checkpoints and keys. */
export const fileCorruptions: readonly Corruption[] = [
  {
    what: 'a changed hash in a full tile',
    told: ['events tile-changed 2 tile/0/000'],
    damage: flipByte('logs/events/tile/0/000', 70),
  },
  {
    // Partial tiles of earlier sizes are left where no full tile replaced them; they too are held against the log.
    what: 'a changed hash in a partial tile',
    told: ['events tile-changed 512 tile/0/002.p/193', 'events tile-changed tile/0/002.p/40'],
    damage: flipByte('logs/events/tile/0/002.p/193', 3),
  },
  {
    what: 'a changed hash of the next level',
    told: ['evidence tile-changed tile/1/000.p/2', 'evidence tile-changed tile/1/000.p/1'],
    damage: flipByte('logs/evidence/tile/1/000.p/2', 3),
  },
  {
    what: 'a deleted tile',
    told: ['events tile-missing tile/0/001'],
    damage: remove('logs/events/tile/0/001'),
  },
  {
    what: 'a changed entry bundle',
    told: ['evidence bundle-changed 1'],
    damage: flipByte('logs/evidence/tile/entries/000', 100),
  },
  {
    what: 'a deleted entry bundle',
    told: ['events bundle-missing tile/entries/001'],
    damage: remove('logs/events/tile/entries/001'),
  },
  {
    what: 'a forged signature',
    told: ['events checkpoint-forged'],
    says: 'bad-signature',
    damage: replaceText('logs/events/checkpoint', /(— \S+ \S{20}).{4}/, '$1AAAA'),
  },
  {
    what: 'a checkpoint that claims another size',
    told: ['events checkpoint-forged'],
    damage: replaceText('logs/events/checkpoint', '\n705\n', '\n704\n'),
  },
  {
    what: 'a checkpoint that claims another root',
    told: ['evidence checkpoint-forged'],
    damage: replaceText('logs/evidence/checkpoint', /\n702\n.{4}/, '\n702\nAAAA'),
  },
  {
    what: 'a checkpoint that is none',
    told: ['events checkpoint-malformed'],
    damage: replaceText('logs/events/checkpoint', /.+/s, 'rubbish'),
  },
  {
    what: 'a deleted checkpoint',
    told: ['events checkpoint-missing'],
    damage: remove('logs/events/checkpoint'),
  },
  {
    what: 'a checkpoint that another key signed',
    told: ['events checkpoint-forged'],
    says: 'no-known-signature',
    damage: signByStranger('events', []),
  },
  {
    what: 'a checkpoint that another key signed, which is served with the log',
    told: ['events vkey-changed', 'events checkpoint-forged'],
    damage: signByStranger('events', ['logs/events/vkey']),
  },
  {
    what: 'a checkpoint that another key signed, which is put in the place of ours everywhere',
    told: [0, 281, 552, 705].map(() => 'events stored-checkpoint-forged'),
    damage: signByStranger('events', ['logs/events/vkey', 'keys/events.vkey']),
  },
  {
    what: 'another public key beside the log',
    told: ['events vkey-changed'],
    damage: flipByte('logs/events/vkey', 40),
  },
  {
    what: 'an edited checkpoint row',
    told: ['events stored-checkpoint-forged', 'evidence record-origin-unknown 280'],
    says: 'the row for 552 entries differs from its signed note',
    damage: flip('log_checkpoint.root', 3, checkpointRow(552)),
  },
  {
    what: 'a forged note in a checkpoint row',
    told: ['events stored-checkpoint-forged'],
    says: 'the one for 552 entries: bad-signature',
    damage: statements(
      String.raw`UPDATE reentry.log_checkpoint SET note = regexp_replace(note, '(— \S+ \S{20}).{4}', '\1AAAA')
       WHERE ${checkpointRow(552)}`,
    ),
  },
  {
    what: 'a deleted checkpoint row',
    told: ['events stored-checkpoint-missing', 'evidence record-origin-unknown 280'],
    says: 'between 281 and 705 entries',
    damage: statements(`DELETE FROM reentry.log_checkpoint WHERE ${checkpointRow(552)}`),
  },
  {
    what: 'the newest checkpoint row deleted',
    told: ['events database-behind', 'evidence record-origin-unknown 550'],
    says: 'its newest checkpoint has 552 entries, the file 705',
    damage: statements(`DELETE FROM reentry.log_checkpoint WHERE ${checkpointRow(705)}`),
  },
];
