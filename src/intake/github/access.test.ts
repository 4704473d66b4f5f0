import { expect, test } from 'vitest';
import { example, type Json, observationsOf, parse } from './testing/deliveries.ts';

const changes: readonly (readonly [what: string, event: string, payload: Json, expected: object])[] = [
  [
    'a collaborator who is given a role',
    'member',
    example('member', 'added', { changes: { permission: { to: 'write' }, role_name: { to: 'maintain' } } }),
    {
      action: 'member.added',
      subject: 'github.com#39652351',
      detail: { login: 'hacktocat', role: 'maintain', before: null },
      occurredAtFrom: 'receipt',
    },
  ],
  [
    'a collaborator whose role was another',
    'member',
    example('member', 'edited'),
    { action: 'member.edited', detail: { login: 'octocat', before: 'write' } },
  ],
  [
    'a collaborator whose account is gone',
    'member',
    { ...example('member', 'added'), action: 'removed', member: null },
    { action: 'member.removed', subject: null, detail: { login: null } },
  ],
  [
    'somebody who leaves a team',
    'membership',
    example('membership', 'removed'),
    { action: 'membership.removed', repository: null, detail: { login: 'Codertocat', team: 'github' } },
  ],
  [
    'a team that is deleted, of which little is told',
    'membership',
    { ...example('membership', 'removed'), team: { id: 3253328, name: 'github', deleted: true } },
    { detail: { team: null, teamId: '3253328' } },
  ],
  [
    'a team that is given a repository',
    'team',
    example('team', 'added_to_repository'),
    {
      action: 'team.added_to_repository',
      subject: 'github.com#team/3253328',
      detail: { team: 'github', permission: 'pull' },
      repository: { ref: { name: 'Hello-World' } },
    },
  ],
  [
    'somebody who is invited, without their e-mail',
    'organization',
    example('organization', 'member_invited', { invitation: { email: 'x@example.org' } }),
    {
      action: 'organization.member_invited',
      repository: null,
      detail: { role: 'direct_member', state: null },
    },
  ],
  [
    'an organisation with another name',
    'organization',
    example('organization', 'renamed'),
    { action: 'organization.renamed', detail: { before: 'Octocoders' } },
  ],
  [
    'a repository with another name',
    'repository',
    example('repository', 'renamed'),
    { action: 'repository.renamed', detail: { nameBefore: 'Hello-World' }, occurredAtFrom: 'host' },
  ],
  [
    'a repository that moved to another owner',
    'repository',
    example('repository', 'transferred'),
    { action: 'repository.transferred', detail: { ownerBefore: 'octocat' } },
  ],
  [
    'an app that may do more',
    'installation',
    example('installation', 'new_permissions_accepted'),
    {
      action: 'installation.new_permissions_accepted',
      subject: 'github.com#installation/957387',
      owner: { login: 'Codertocat' },
      detail: {
        appId: '29310',
        selection: 'all',
        'permission.contents': 'write',
        'permission.metadata': 'read',
      },
    },
  ],
];

test.each(changes)('%s is a change of access', (_, event, payload, expected) => {
  const observations = observationsOf(event, payload);

  expect(observations).toMatchObject([{ schema: 'reentry.access-change/1', ...expected }]);
  expect(JSON.stringify(observations)).not.toContain('x@example.org');
});

test('each repository that an app is given is an observation of that repository', () => {
  const given = [
    { id: 1, name: 'Space', full_name: 'Codertocat/Space' },
    { id: 2, name: 'nowhere' },
    { id: 3, name: 'Time', full_name: 'Codertocat/Time' },
  ];

  const reading = parse(
    'installation_repositories',
    example('installation_repositories', 'added', { repositories_added: given }),
  );

  expect(reading).toMatchObject({
    result: 'observed',
    observations: [
      { repository: { hostId: 'github.com#1', ref: { id: 'github.com/codertocat/space' } } },
      { repository: { hostId: 'github.com#3', ref: { id: 'github.com/codertocat/time' } } },
    ],
    remarks: ['repositories_added: 1 items cannot be read'],
  });
});

test('more repositories than fit into one append are cut, and it is told how many', () => {
  const given = Array.from({ length: 1_500 }, (_, id) => ({ id, name: `r${id}`, full_name: `acme/r${id}` }));

  const reading = parse(
    'installation_repositories',
    example('installation_repositories', 'added', { repositories_added: given }),
  );

  expect(reading).toMatchObject({ observations: expect.objectContaining({ length: 1_000 }) });
  expect(reading.remarks).toEqual(['repositories_added: 500 items beyond the limit']);
});

test('an app that is given nothing that can be read is not understood', () => {
  expect(
    parse(
      'installation_repositories',
      example('installation_repositories', 'added', { repositories_added: [7] }),
    ),
  ).toMatchObject({ result: 'not-understood' });
});
