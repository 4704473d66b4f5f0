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
