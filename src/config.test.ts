import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('an empty variable counts as not set', () => {
  const config = readConfig({ DATABASE_URL: '', PORT: ' ', REENTRY_DATA: '' }, '/home/ada/shop');

  expect(config).toMatchObject({ databaseUrl: undefined, port: 8620, dataFolder: '/home/ada/shop/.reentry' });
});

test('a relative data folder is meant from where the user stood, not from where npm runs', () => {
  const config = readConfig({ REENTRY_CWD: '/home/ada/shop', REENTRY_DATA: 'evidence' }, '/opt/reentry');

  expect(config.dataFolder).toBe('/home/ada/shop/evidence');
});

test('every mistake is named at once', () => {
  const read = () => readConfig({ PORT: 'eighty', DATABASE_URL: 'mysql://db' }, '/tmp');

  expect(read).toThrow(/PORT must be.*DATABASE_URL must begin/);
});

test('a port beyond 65535 is refused', () => {
  expect(() => readConfig({ PORT: '70000' }, '/tmp')).toThrow(/PORT/);
});

test('FORCE_COLOR=0 does not force colours', () => {
  const colours = ['', '0', '1'].map((value) => readConfig({ FORCE_COLOR: value }, '/tmp').colour);

  expect(colours).toEqual(['auto', 'auto', 'always']);
});

test('NO_COLOR goes before FORCE_COLOR', () => {
  expect(readConfig({ NO_COLOR: '1', FORCE_COLOR: '1' }, '/tmp').colour).toBe('never');
});

test.each([
  ['HOST', 'my-machine'],
  ['PUBLIC_URL', 'https://shop.example/reentry'],
  ['PUBLIC_URL', 'ftp://shop.example'],
  ['PUBLIC_URL', 'https://ada@shop.example'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', 'everybody'],
  ['LOG_LEVEL', 'loud'],
  ['RATE_LIMIT', '0'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readConfig({ [name]: value }, '/tmp')).toThrow(new RegExp(`${name} must be`));
});

test('only this machine is listened to, and no proxy is believed, unless somebody says so', () => {
  const config = readConfig({}, '/tmp');

  expect(config).toMatchObject({ host: 'localhost', publicUrl: undefined, trustedProxies: [] });
});

test('a public address is kept without the slash at its end, proxies are a list', () => {
  const config = readConfig(
    { PUBLIC_URL: 'https://shop.example/', TRUST_PROXY: '127.0.0.1, fd00::/8' },
    '/tmp',
  );

  expect(config).toMatchObject({
    publicUrl: 'https://shop.example',
    trustedProxies: ['127.0.0.1', 'fd00::/8'],
  });
});

test('webhook secrets are a list while one replaces another; none are taken without one', () => {
  const secrets = (text: string) => readConfig({ GITHUB_WEBHOOK_SECRET: text }, '/tmp').githubWebhookSecrets;

  expect(secrets('')).toEqual([]);
  expect(secrets('the-first-secret-of-it , the-next-secret-of-it')).toEqual([
    'the-first-secret-of-it',
    'the-next-secret-of-it',
  ]);
});

test('a secret that could be guessed is refused, and is not repeated', () => {
  const read = () => readConfig({ GITHUB_WEBHOOK_SECRET: 'hunter2' }, '/tmp');

  expect(read).toThrow(/GITHUB_WEBHOOK_SECRET must be/);
  expect(read).not.toThrow(/hunter2/);
});

test('an app goes before a token, and its number without its key is refused', () => {
  const app = { GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY_FILE: 'app.pem' };

  expect(readConfig({}, '/tmp').github).toBeUndefined();
  expect(readConfig({ GITHUB_TOKEN: 'ghp_x', GITHUB_URL: 'https://git.acme.test/' }, '/tmp').github).toEqual({
    baseUrl: 'https://git.acme.test',
    credentials: { kind: 'token', token: 'ghp_x' },
  });
  expect(readConfig({ ...app, GITHUB_TOKEN: 'ghp_x' }, '/tmp').github?.credentials).toEqual({
    kind: 'app',
    appId: '7',
    privateKeyFile: '/tmp/app.pem',
  });
  expect(() => readConfig({ GITHUB_APP_ID: '7' }, '/tmp')).toThrow(/must be set together/);
  expect(() => readConfig({ ...app, GITHUB_APP_ID: 'x' }, '/tmp')).toThrow(/GITHUB_APP_ID must be/);
});

test('GitLab’s head goes before the merge that it makes to try it', () => {
  const gitlab = { CI_SERVER_HOST: 'gitlab.com', CI_PROJECT_PATH: 'a/b/c', CI_COMMIT_SHA: 'merge' };
  const head = { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'head', CI_MERGE_REQUEST_IID: '7' };

  expect(readConfig(gitlab, '/tmp').ci).toMatchObject({
    repo: 'gitlab.com/a/b/c',
    sha: 'merge',
    pullRequest: null,
  });
  expect(readConfig({ ...gitlab, ...head }, '/tmp').ci).toMatchObject({ sha: 'head', pullRequest: 7 });
  expect(readConfig({}, '/tmp').ci).toMatchObject({ system: 'none', repo: null, sha: null });
});
