import { expect, test } from 'vitest';
import { example, observationsOf, parse, parseText, receivedAt } from './testing/deliveries.ts';

test('what an item of a list says wrong costs that item alone, and is told', () => {
  const labels = [{ name: 'bug' }, null, { name: 5 }, 'bug', { name: '' }, [], { name: 'api' }];
  const payload = example('pull_request', 'opened', { pull_request: { labels } });

  const reading = parse('pull_request', payload);

  expect(reading).toMatchObject({
    result: 'observed',
    observations: [{ labels: ['bug', 'api'] }],
    remarks: ['pull_request.labels: 5 items cannot be read'],
  });
});

test('a list is cut, and what is missing is told', () => {
  const labels = Array.from({ length: 10_000 }, (_, index) => ({ name: `label ${index}` }));

  const reading = parse('pull_request', example('pull_request', 'opened', { pull_request: { labels } }));

  expect(reading.remarks).toEqual(['pull_request.labels: 9900 items beyond the limit']);
  expect(reading).toMatchObject({ observations: [{ labels: expect.objectContaining({ length: 100 }) }] });
});

test('texts are cut, so that a fact stays small whatever is sent', () => {
  const long = 'x'.repeat(5_000_000);
  const payload = example('pull_request', 'opened', { pull_request: { title: long, body: long } });

  const [observed] = observationsOf('pull_request', payload);

  expect(JSON.stringify(observed).length).toBeLessThan(5_000);
  expect(observed).toMatchObject({ descriptionLength: 5_000_000 });
});

test('an account that cannot be told is nobody, with a remark, and a deleted one is nobody without', () => {
  const sentBy = (sender: unknown) => parse('status', { ...example('status', undefined), sender });
  const remarks = ['sender: an account without id or login'];

  for (const strange of [{ login: 'x' }, { login: 'x', id: 'none' }, { id: 5, login: '' }, {}])
    expect(sentBy(strange)).toMatchObject({ observations: [{ actor: null }], remarks });
  expect(sentBy(null)).toMatchObject({ observations: [{ actor: null }], remarks: [] });
});

test.each([
  ['no event', null, {}, 'X-GitHub-Event names no event'],
  ['no host', 'status', {}, 'it names no host'],
  [
    'no repository',
    'status',
    { ...example('status', undefined), repository: null },
    'repository: is missing',
  ],
  [
    'a repository of no address',
    'status',
    example('status', undefined, { repository: { html_url: 'ftp://x' } }),
    'repository.html_url: must be an address',
  ],
  [
    'a commit that is none',
    'status',
    example('status', undefined, { sha: 'HEAD' }),
    'sha: must be a commit id',
  ],
  [
    'a result that nobody knows',
    'check_run',
    example('check_run', 'completed', { check_run: { conclusion: 'fine' } }),
    /^check_run\.conclusion: /,
  ],
  [
    'a number that was rounded',
    'pull_request',
    example('pull_request', 'opened', { pull_request: { id: 2 ** 60 } }),
    /^pull_request\.id: /,
  ],
  [
    'a review that is not one',
    'pull_request_review',
    example('pull_request_review', 'submitted', { review: { state: 'liked' } }),
    /^review\.state: /,
  ],
  [
    'an action that is no word',
    'status',
    { ...example('status', undefined), action: 'a b' },
    'action: must be a word',
  ],
] as const)('%s is not understood, which says where and repeats no value', (_, event, payload, because) => {
  const reading = parse(event, payload);

  expect(reading).toMatchObject({
    result: 'not-understood',
    because: typeof because === 'string' ? because : expect.stringMatching(because),
  });
  expect(JSON.stringify(reading)).not.toMatch(/fine"|liked|ftp|HEAD/);
});

test.each([
  ['pull_request', 'pull_request_review', 'submitted'],
  ['pull_request', 'pull_request_review_comment', 'created'],
  ['deployment', 'deployment_status', 'created'],
  ['member', 'membership', 'added'],
  ['team', 'membership', 'added'],
  ['repository', 'star', 'created'],
  ['repository', 'label', 'created'],
  ['code_scanning_alert', 'dependabot_alert', 'created'],
])('the header is not signed: no %s is made of a %s', (event, sentAs, action) => {
  expect(parse(event, example(sentAs, action))).toMatchObject({ result: 'not-understood' });
});

test('bodies that are no JSON object are not understood', () => {
  for (const text of ['', '{', 'null', '[]', '"x"', '1', '{"a":1}{}', '<html>'])
    expect(parseText('push', text)).toMatchObject({ result: 'not-understood' });
});

test('a webhook that sends forms is understood too', () => {
  const payload = JSON.stringify(example('status', undefined));
  const form = new URLSearchParams({ payload }).toString();

  const reading = parseText('status', form, 'application/x-www-form-urlencoded');

  expect(reading).toMatchObject({ result: 'observed', observations: [{ name: 'default' }] });
});

test('nesting and numbers of values have limits, and a payload of 25 MB within them is read', () => {
  const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const many = `{"x":[${'0,'.repeat(12_000_000)}0]}`;
  const large = JSON.stringify(
    example('pull_request', 'opened', { pull_request: { body: '[{",\\"'.repeat(2_700_000) } }),
  );

  expect(parseText('push', deep)).toMatchObject({ because: 'the body is nested deeper than 64 levels' });
  expect(parseText('push', many)).toMatchObject({ because: 'the body holds more than 1000000 values' });
  expect(large.length).toBeGreaterThan(24_000_000);
  expect(parseText('pull_request', large)).toMatchObject({ result: 'observed' });
});

test('times are read with any zone and as numbers, and one that is none is the time of receipt', () => {
  const at = (updated: unknown) => {
    const [observed] = observationsOf('status', {
      ...example('status', undefined),
      created_at: null,
      updated_at: updated,
    });
    return observed && { at: observed.occurredAt, from: observed.occurredAtFrom };
  };

  expect(at('2019-05-15T17:20:55.250+02:00')).toEqual({ at: '2019-05-15T15:20:55.250Z', from: 'host' });
  expect(at(1_557_933_655)).toEqual({ at: '2019-05-15T15:20:55Z', from: 'host' });
  for (const none of [
    null,
    undefined,
    '',
    'yesterday',
    '0001-01-01T00:00:00Z',
    '2019-13-45T00:00:00Z',
    1e300,
    -5,
  ])
    expect(at(none)).toEqual({ at: receivedAt.toISOString(), from: 'receipt' });
});

test('a ping is no observation, and tells which events the webhook will never send', () => {
  const of = (hook: object) => parse('ping', { ...example('ping', undefined, { hook }) });
  const some = of({ events: ['push', 'pull_request', 'star'] });

  expect(of({})).toMatchObject({ result: 'ignored', because: 'a ping; all is sent' });
  expect(some).toMatchObject({
    result: 'ignored',
    because: expect.stringMatching(/^a ping; not sent: .*check_run/),
  });
  expect(some).not.toMatchObject({ because: expect.stringMatching(/\bpush\b|installation|merge_group/) });
  expect(of({ type: 'App', events: ['push'] })).toMatchObject({
    because: expect.stringContaining('merge_group'),
  });
  expect(parse('ping', { zen: 'Keep it logically awesome.' })).toMatchObject({ because: 'a ping' });
});

test('lengths are counted in characters', () => {
  const length = (body: string | null) => {
    const [observed] = observationsOf(
      'pull_request',
      example('pull_request', 'opened', { pull_request: { body } }),
    );
    return observed && 'descriptionLength' in observed ? observed.descriptionLength : undefined;
  };

  expect(['', null, 'abc', 'é👍👍', '\uD83D', '\uDC4D\uD83D', 'a👍'].map(length)).toEqual([
    0, 0, 3, 3, 1, 2, 2,
  ]);
});
