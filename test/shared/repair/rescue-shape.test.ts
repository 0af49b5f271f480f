import { MedicError } from '../../../shared/errors.ts';
import type { ErrorCode } from '../../../shared/error-codes.ts';
import { saysNoRoom } from '../../../shared/repair/capacity.ts';
import { otherSizes } from '../../../shared/repair/other-sizes.ts';
import { firstShape, nextShape } from '../../../shared/repair/rescue-shape.ts';
import { rescueSizes, type OfferedSize } from '../../../shared/repair/rescue-size.ts';

const SHAPES = { sizes: ['small', 'other', 'last'], diskTypes: ['cheap', 'dear'] };
const next = (size: string, diskType: string, code: ErrorCode, message: string) =>
  nextShape(SHAPES, { size, diskType }, new MedicError(code, message));

describe('the shape of the rescue VM', () => {
  it('begins with the first size and the cheapest disk', () => {
    expect(firstShape(SHAPES)).toEqual({ size: 'small', diskType: 'cheap' });
  });

  it.each([
    'AllocationFailed: none',
    'ZonalAllocationFailed: none',
    'OverconstrainedAllocationRequest: none',
    'SkuNotAvailable: none',
    'QuotaExceeded: none',
    'OperationNotAllowed: Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota.',
    'InvalidParameter: The value small provided for the VM size is not valid.',
  ])('takes the next size after %s', (message) => {
    expect(next('small', 'cheap', 'AzureRefused', message)).toEqual({ size: 'other', diskType: 'cheap' });
    expect(next('last', 'cheap', 'OperationFailed', message)).toBeUndefined();
  });

  it.each([
    'OperationNotAllowed: The VM is being deleted.',
    'BadRequest: no',
    'InternalError: AllocationFailed',
  ])('is tried no more after %s', (message) => {
    expect(next('small', 'cheap', 'AzureRefused', message)).toBeUndefined();
    expect(saysNoRoom(message)).toBe(false);
  });

  it('takes another disk after a denial by policy, then another size, and keeps what was let through', () => {
    const denied = 'RequestDisallowedByPolicy: no';
    expect(next('small', 'cheap', 'PolicyDenied', denied)).toEqual({ size: 'small', diskType: 'dear' });
    expect(next('small', 'dear', 'PolicyDenied', denied)).toEqual({ size: 'other', diskType: 'cheap' });
    expect(next('other', 'cheap', 'PolicyDenied', denied)).toEqual({ size: 'last', diskType: 'cheap' });
    expect(next('last', 'cheap', 'PolicyDenied', denied)).toBeUndefined();
  });
});

const size = (name: string, otherwise: Partial<OfferedSize> = {}): OfferedSize => ({
  name,
  family: name,
  vCpus: 2,
  memoryGb: 8,
  maxDataDisks: 4,
  generations: ['V1', 'V2'],
  controllers: ['SCSI', 'NVMe'],
  architecture: 'x64',
  premium: true,
  encryptionAtHost: true,
  confidential: false,
  gpus: 0,
  zones: ['1', '2'],
  offered: true,
  ...otherwise,
});
const NEEDS = { zone: '1', encryptionAtHost: true, premium: true };
const among = (...sizes: OfferedSize[]): string[] =>
  rescueSizes({ sizes, usage: new Map() }, NEEDS, undefined);

describe('the sizes that are tried', () => {
  it('are the smallest first, a burstable one after others of its size, one of each family', () => {
    const sizes = [
      size('Standard_D4s_v5', { vCpus: 4, family: 'DSv5' }),
      size('Standard_B2ms'),
      size('Standard_D2as_v5', { family: 'DASv5' }),
      size('Standard_D2s_v5', { family: 'DSv5' }),
    ];
    expect(among(...sizes)).toEqual(['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_B2ms']);
  });

  it.each<[string, Partial<OfferedSize>]>([
    ['not offered', { offered: false }],
    ['not in the zone', { zones: ['2'] }],
    ['for generation 1 only', { generations: ['V1'] }],
    ['for NVMe only', { controllers: ['NVMe'] }],
    ['for Arm64', { architecture: 'Arm64' }],
    ['without premium disks', { premium: false }],
    ['without encryption at host', { encryptionAtHost: false }],
    ['confidential', { confidential: true }],
    ['with graphics', { gpus: 1 }],
    ['too small', { vCpus: 1 }],
    ['with too few data disks', { maxDataDisks: 2 }],
  ])('are none that is %s', (_why, otherwise) => {
    expect(among(size('odd', otherwise), size('fit'))).toEqual(['fit']);
  });

  it('are none beyond the quota of its family or of the region', () => {
    const usage = (name: string) => new Map([[name, { used: 9, limit: 10 }]]);
    const sizes = [size('full'), size('free')];
    expect(rescueSizes({ sizes, usage: usage('full') }, NEEDS, undefined)).toEqual(['free']);
    expect(rescueSizes({ sizes, usage: usage('cores') }, NEEDS, undefined)).not.toContain('full');
  });

  it('begin with the one that is set, and are the usual ones where nothing is known', () => {
    expect(rescueSizes({ sizes: [size('fit')], usage: new Map() }, NEEDS, 'Set_By_Hand')).toEqual([
      'Set_By_Hand',
      'fit',
    ]);
    expect(rescueSizes(undefined, NEEDS, undefined)[0]).toBe('Standard_D2s_v5');
  });
});

it('sizes that a person may take instead have what the VM’s own has, and can be had', () => {
  const sizes = [
    size('own', { controllers: ['SCSI'] }),
    size('like'),
    size('dear', { vCpus: 8 }),
    size('weak', { memoryGb: 4 }),
    size('elsewhere', { zones: ['2'] }),
    size('arm', { architecture: 'Arm64' }),
    size('full'),
  ];
  const usage = new Map([['full', { used: 9, limit: 10 }]]);
  expect(otherSizes({ sizes, usage }, { size: 'OWN', zone: '1' })).toEqual(['like']);
  expect(otherSizes({ sizes, usage }, { size: 'unknown', zone: '1' })).toEqual([]);
});
