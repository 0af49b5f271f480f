import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  applyParameters,
  collectParameters,
  peerParameters,
  undoParameters,
} from '../../../shared/guest/parameters.ts';
import { MedicError } from '../../../shared/errors.ts';
import type { Change } from '../../../shared/model/change.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const ONLINE = { nonce: NONCE, scope: 'online' } as const;
const DISK = { nonce: NONCE, scope: 'offline', lun: 3 } as const;

/** Text that gzip cannot make shorter. */
function noise(length: number): string {
  const block = (nth: number): string => createHash('sha512').update(String(nth)).digest('base64');
  return Array.from({ length: Math.ceil(length / 88) }, (_, nth) => block(nth))
    .join('')
    .slice(0, length);
}

function textChange(data: string): Change {
  return {
    do: 'registry',
    hive: 'software',
    set: '',
    path: 'Key',
    name: 'Name',
    before: null,
    after: { kind: 'String', data },
  };
}

describe('the parameters of a guest script', () => {
  it('name the place and the run', () => {
    expect(collectParameters(ONLINE)).toEqual({
      Nonce: NONCE,
      Scope: 'online',
      Lun: '',
      Copy: '',
      Text: 'no',
    });
    expect(collectParameters(DISK)).toEqual({
      Nonce: NONCE,
      Scope: 'offline',
      Lun: '3',
      Copy: '',
      Text: 'no',
    });
    expect(collectParameters({ ...DISK, rehearsal: true })).toMatchObject({ Copy: 'rehearsal' });
  });

  it('carry the changes packed, with the hash of what will be unpacked', () => {
    const changes = [
      textChange('a "quoted" text, caf\u00e9 \u2019 $(x) `y`'),
      { do: 'Refresh-Policy' } as const,
    ];
    const { parameters, hash } = applyParameters(ONLINE, changes);
    const json = gunzipSync(Buffer.from(parameters['Changes'] ?? '', 'base64')).toString('utf8');
    expect(JSON.parse(json)).toEqual(changes);
    expect(hash).toBe(createHash('sha256').update(json).digest('hex').toUpperCase());
    for (const value of Object.values(parameters)) expect(value).toMatch(/^[A-Za-z0-9+/=._-]*$/);
  });

  it('are the same for the same changes', () => {
    const changes = [textChange('x')];
    expect(applyParameters(ONLINE, changes)).toEqual(applyParameters(ONLINE, structuredClone(changes)));
  });

  it('name another machine, and what is to be deleted there', () => {
    expect(peerParameters(NONCE, '10.0.0.4', ['A0', 'B1'])).toEqual({
      Nonce: NONCE,
      Computer: '10.0.0.4',
      Thumbprints: 'A0.B1',
    });
  });

  it('name the run to take back', () => {
    const undo = 'f'.repeat(32);
    expect(undoParameters(ONLINE, undo)).toEqual({
      Nonce: NONCE,
      Scope: 'online',
      Lun: '',
      Copy: '',
      Text: 'no',
      Changes: '',
      Undo: undo,
      Recipe: '',
      LookFirst: 'no',
      Tested: 'no',
    });
  });

  it('are never longer than a command line takes', () => {
    let length = 0;
    for (const size of [100, 1_000, 3_500, 4_000]) {
      const { parameters } = applyParameters(ONLINE, [textChange(noise(size))]);
      length = Object.entries(parameters).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    }
    expect(length).toBeGreaterThan(4_000);
    expect(length).toBeLessThan(6_000);
    expect(() => applyParameters(ONLINE, [textChange(noise(6_000))])).toThrow(MedicError);
  });

  it.each([
    [
      'more than 64 changes',
      () =>
        applyParameters(
          ONLINE,
          Array.from({ length: 65 }, () => textChange('x')),
        ),
    ],
    ['more than 64 KiB', () => applyParameters(ONLINE, [textChange('x'.repeat(70_000))])],
    ['no number of the run', () => collectParameters({ ...ONLINE, nonce: 'x' })],
    ['a disk without LUN', () => collectParameters({ nonce: NONCE, scope: 'offline' })],
    ['a LUN that is none', () => collectParameters({ ...DISK, lun: 64 })],
    ['half a LUN', () => collectParameters({ ...DISK, lun: 1.5 })],
    ['a LUN on a running Windows', () => collectParameters({ ...ONLINE, lun: 0 })],
    ['no number of the run to take back', () => undoParameters(ONLINE, "'; x")],
    ['a disk to take back', () => undoParameters(DISK, NONCE)],
    ['no number of a peer’s run', () => peerParameters('1', 'web', ['A0'])],
    ['characters that mean something to a shell', () => peerParameters(NONCE, 'web; Stop-Computer', ['A0'])],
    ['a thumbprint with them', () => peerParameters(NONCE, 'web', ['A0', '$(x)'])],
  ])('are refused: %s', (_, make) => {
    expect(make).toThrow(MedicError);
  });
});
