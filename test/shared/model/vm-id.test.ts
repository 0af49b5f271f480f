import { explainVmId, parseVmId, vmIdSchema } from '../../../shared/model/vm-id.ts';

const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
const idOf = (name: string, group = 'rg-fleet'): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
const CANONICAL = `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-fleet/providers/microsoft.compute/virtualmachines/web-1`;

describe('The id of a VM', () => {
  it.each([
    ['as ARM writes it', idOf('web-1')],
    ['in upper case', idOf('WEB-1', 'RG-FLEET').toUpperCase()],
    ['in lower case, as Azure Monitor sends it', idOf('web-1').toLowerCase()],
    ['with a trailing slash', `${idOf('Web-1')}/`],
  ])('%s becomes the same canonical id', (_how, id) => {
    expect(parseVmId(id)?.id).toBe(CANONICAL);
    expect(vmIdSchema.parse(id)).toBe(CANONICAL);
  });

  it('keeps its parts', () => {
    expect(parseVmId(idOf('Web_1.a', 'Rg-(Fleet).x'))).toEqual({
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-(fleet).x',
      name: 'web_1.a',
      id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-(fleet).x/providers/microsoft.compute/virtualmachines/web_1.a`,
    });
  });
});

describe('What is not the id of a VM is named for what it is', () => {
  const scaleSet = idOf('3').replace('virtualMachines/3', 'virtualMachineScaleSets/web/virtualMachines/3');

  it.each<[string, string, RegExp]>([
    ['an instance of a scale set', scaleSet, /uniform scale set/],
    ['the same in capitals', scaleSet.toUpperCase(), /uniform scale set/],
    ['a whole scale set', idOf('x').replace('virtualMachines', 'virtualMachineScaleSets'), /whole scale set/],
    ['an AWS instance', 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0abcdef', /Amazon/],
    ['a Google instance', 'projects/p/zones/europe-west1-b/instances/web-1', /Google/],
    ['a full Google name', '//compute.googleapis.com/projects/p/zones/z/instances/i', /Google/],
    ['an Oracle instance', 'ocid1.instance.oc1.phx.abyhqljr', /Oracle/],
    ['a portal address', `https://portal.azure.com/#resource${idOf('web-1')}`, /address/],
    ['an escaped id', encodeURIComponent(idOf('web-1')), /percent-encoded/],
    ['an id with a blank', ` ${idOf('web-1')}`, /white space/],
    ['an id with a line break', `${idOf('web-1')}\n`, /U\+000A/],
    ['a classic VM', idOf('web-1').replace('Microsoft.Compute', 'Microsoft.ClassicCompute'), /classic/],
    [
      'an Arc machine',
      idOf('web-1').replace('Microsoft.Compute/virtualMachines', 'Microsoft.HybridCompute/machines'),
      /Arc/,
    ],
    ['an extension', `${idOf('web-1')}/extensions/agent`, /child resource of a VM/],
    ['a Cyrillic letter', idOf('wеb-1'), /U\+0435/],
    ['a full-width slash', idOf('web-1').replace('/providers', '／providers'), /U\+FF0F/],
    ['a zero-width space', idOf('web\u200b-1'), /U\+200B/],
    ['a right-to-left override', idOf('web\u202e-1'), /U\+202E/],
    ['a dotless i', idOf('ı'), /U\+0131/],
    ['a Kelvin sign, which lower-cases to k', idOf('wee\u212a'), /U\+212A/],
    ['a bare name', 'web-1', /not the resource id/],
    ['nothing', '', /not the resource id/],
    ['a disk', idOf('d').replace('virtualMachines', 'disks'), /not the resource id/],
    ['a path that climbs', idOf('..%2f..%2fx'), /percent-encoded/],
    ['a name that ends with a period', idOf('web-1.'), /not the resource id/],
    ['a command', idOf('web;Remove-Item'), /not the resource id/],
  ])('%s', (_what, id, message) => {
    expect(parseVmId(id)).toBeUndefined();
    expect(explainVmId(id).message).toMatch(message);
    expect(vmIdSchema.safeParse(id).error?.issues[0]?.message).toMatch(message);
  });

  it('carries the code of the error table', () => {
    expect(explainVmId(scaleSet).code).toBe('UniformScaleSet');
    expect(explainVmId('web-1').code).toBe('RequestInvalid');
  });

  it('does not echo what it was given', () => {
    expect(explainVmId('<script>hunter2</script>').message).not.toContain('hunter2');
  });
});
