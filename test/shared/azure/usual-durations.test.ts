import { usualSeconds } from '../../../shared/azure/usual-durations.ts';

describe('when it is first asked how something goes', () => {
  const PROVIDERS = 'https://management.azure.com/subscriptions/s/resourceGroups/g/providers';
  it.each([
    ['POST', 'Microsoft.Compute/virtualMachines/web/start?api-version=1', 40],
    ['POST', 'microsoft.compute/virtualMachines/web/deallocate', 45],
    ['PUT', 'Microsoft.Compute/disks/copy?api-version=1', 30],
    ['PATCH', 'Microsoft.Compute/disks/copy?api-version=1', 3],
    ['DELETE', 'Microsoft.Network/networkSecurityGroups/n/securityRules/r', 6],
    ['GET', 'Microsoft.Compute/disks/copy', undefined],
    ['PUT', '', undefined],
  ])('%s %s: after %s s', (method, path, seconds) => {
    expect(usualSeconds({ method, url: `${PROVIDERS}/${path}` })).toBe(seconds);
  });
  it('is open where the address names no provider', () => {
    expect(usualSeconds({ method: 'PUT', url: 'https://management.azure.com/subscriptions/s' })).toBe(
      undefined,
    );
  });
});
