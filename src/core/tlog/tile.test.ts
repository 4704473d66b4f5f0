import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vectors } from '../../../test/read-vectors.ts';
import {
  decodeBundle,
  encodeBundle,
  parseTilePath,
  tileLevels,
  tileOfNode,
  tilePath,
  widthAt,
} from './tile.ts';

interface TileVectors {
  readonly entries_path_for_log_index: readonly { seq: number; logSize: number; want: string }[];
  readonly tile_path: readonly { level: number; index: number; partial: number; want: string }[];
  readonly parse_ok: readonly { level: string; index: string; want: readonly [number, string, number] }[];
  readonly parse_reject: readonly (readonly [level: string, index: string])[];
  readonly node_to_tile: readonly {
    treeLevel: number;
    treeIndex: number;
    tileLevel: number;
    tileIndex: number;
    nodeLevel: number;
    nodeIndex: number;
  }[];
}

const published = vectors<TileVectors>('tiles/tile_paths_tessera.json');

test.each(published.tile_path)('$want is the path of its tile', ({ level, index, partial, want }) => {
  expect(tilePath({ level, index: BigInt(index), width: partial || 256 })).toBe(want);
});

test.each(published.entries_path_for_log_index)(
  'entry $seq of $logSize lies in $want',
  ({ seq, logSize, want }) => {
    const index = BigInt(seq) / 256n;

    const width = widthAt(BigInt(logSize), 'entries', index);

    expect(tilePath({ level: 'entries', index, width })).toBe(want);
  },
);

test.each(published.parse_ok)('level $level, $index is read', ({ level, index, want }) => {
  const [wantLevel, wantIndex, wantPartial] = want;

  expect(parseTilePath(`tile/${level}/${index}`)).toEqual({
    level: wantLevel,
    index: BigInt(wantIndex),
    width: wantPartial || 256,
  });
});

test.each(published.parse_reject)('level %s, %s is refused', (level, index) => {
  expect(parseTilePath(`tile/${level}/${index}`)).toBeUndefined();
});

test.each([
  'tile/00/000',
  'tile/0/x000/001',
  'tile/0/000.p/0',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/../checkpoint',
  '/tile/0/000',
  'tile/0/000/',
  'tile/entries/000\n',
  'tile/8/0/001',
  'checkpoint',
  '',
])('no tile path: %j', (path) => {
  expect(parseTilePath(path)).toBeUndefined();
});

test('every tile has one path, and any text is either that path or none', () => {
  const tiles = fc.record({
    level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
    index: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    width: fc.integer({ min: 1, max: 256 }),
  });
  const texts = fc.stringMatching(/^tile\/(\d{1,2}|entries)\/(x?\d{3}\/){0,3}\d{3}(\.p\/\d{1,3})?$/);

  fc.assert(
    fc.property(tiles, (tile) => {
      expect(parseTilePath(tilePath(tile))).toEqual(tile);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(texts, fc.string()), (text) => {
      const tile = parseTilePath(text);

      expect(tile === undefined || tilePath(tile) === text).toBe(true);
    }),
  );
});

test.each(published.node_to_tile)(
  'node $treeIndex of level $treeLevel is found in its tile',
  ({ treeLevel, treeIndex, tileLevel, tileIndex, nodeLevel, nodeIndex }) => {
    const found = tileOfNode({ level: treeLevel, index: BigInt(treeIndex) });

    expect(found).toEqual({
      tile: { level: tileLevel, index: BigInt(tileIndex) },
      from: nodeIndex * 2 ** nodeLevel,
      count: 2 ** nodeLevel,
    });
  },
);

test('a size implies the tiles that the standard counts for it', () => {
  expect(tileLevels(0n)).toEqual([]);
  expect(tileLevels(256n)).toEqual([
    { level: 0, full: 1n, partial: 0 },
    { level: 1, full: 0n, partial: 1 },
  ]);
  expect(tileLevels(70_000n)).toEqual([
    { level: 0, full: 273n, partial: 112 },
    { level: 1, full: 1n, partial: 17 },
    { level: 2, full: 0n, partial: 1 },
  ]);
  expect([0n, 272n, 273n, 274n].map((index) => widthAt(70_000n, 0, index))).toEqual([256, 256, 112, 0]);
});

test('a bundle gives back its entries, each after its length', () => {
  const bundle = encodeBundle([Uint8Array.of(), Uint8Array.of(7), new Uint8Array(65_535)]);

  expect([...bundle.slice(0, 7)]).toEqual([0, 0, 0, 1, 7, 0xff, 0xff]);
  expect(decodeBundle(bundle)).toEqual({
    ok: true,
    entries: [Uint8Array.of(), Uint8Array.of(7), new Uint8Array(65_535)],
  });
  expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
});

test('any bytes are the bundle of some entries, or refused', () => {
  expect(decodeBundle(Uint8Array.of(0))).toEqual({ ok: false, reason: 'truncated' });
  expect(decodeBundle(Uint8Array.of(0, 2, 1))).toEqual({ ok: false, reason: 'truncated' });
  expect(decodeBundle(new Uint8Array(2 * 257))).toEqual({ ok: false, reason: 'too-many-entries' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600, size: 'max' }), (bytes) => {
      const decoded = decodeBundle(bytes);

      if (decoded.ok) expect(encodeBundle(decoded.entries)).toEqual(bytes);
    }),
  );
});
