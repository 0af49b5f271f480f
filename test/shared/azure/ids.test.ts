import { readPrincipal } from '../../../shared/azure/principal.ts';
import { parseResourceId, sameResource, siblingId } from '../../../shared/azure/resource-id.ts';

const DISK = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d';
const PARTS = { subscriptionId: 's', resourceGroup: 'g', type: 'Microsoft.Compute/disks', name: 'd' };

describe('the id of a resource', () => {
  it.each([DISK, DISK.slice(1), DISK.replace('resourceGroups', 'RESOURCEGROUPS'), `${DISK}/children/c`])(
    'is read: %s',
    (id) => {
      expect(parseResourceId(id)).toEqual(PARTS);
    },
  );

  it.each([
    '',
    '/subscriptions/s',
    '/subscriptions/s/resourceGroups/g',
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks',
    '/subscriptions//resourceGroups/g/providers/Microsoft.Compute/disks/d',
    `https://management.azure.com${DISK}`,
  ])('is none: %s', (id) => {
    expect(() => parseResourceId(id)).toThrow(`Not a resource id: ${id}`);
  });

  it('of a sibling is in the same group', () => {
    expect(siblingId(DISK, 'Microsoft.Compute/snapshots', 'n')).toBe(
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/snapshots/n',
    );
  });

  it('is the same however it is written, and none is nobody’s', () => {
    expect(sameResource(DISK, DISK.toUpperCase())).toBe(true);
    expect(sameResource(DISK, `${DISK}2`)).toBe(false);
    for (const [one, other] of [
      [DISK, undefined],
      [undefined, DISK],
      [undefined, undefined],
    ])
      expect(sameResource(one, other)).toBe(false);
  });
});

describe('who holds a credential', () => {
  const token = (payload: string): string => `head.${Buffer.from(payload).toString('base64url')}.sign`;
  it.each<[string | undefined, string | null]>([
    ['someone', token('{"oid":"someone"}')],
    [undefined, token('{"sub":"someone"}')],
    [undefined, token('no JSON')],
    [undefined, 'no token'],
    [undefined, null],
  ])('is %s', async (principal, given) => {
    const asked: string[] = [];
    const credential = {
      getToken: (scope: string | string[]) => {
        asked.push(String(scope));
        return Promise.resolve(given === null ? null : { token: given, expiresOnTimestamp: 0 });
      },
    };
    expect(await readPrincipal(credential, 'the scope')).toBe(principal);
    expect(asked).toEqual(['the scope']);
  });
});
