import { evaluate, findVmIds } from '../../../../shared/intake/tickets/evaluate.ts';

const VM_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-fleet/providers/Microsoft.Compute/virtualMachines/web-1';

describe('A connector’s expression', () => {
  it('gives plain JSON', async () => {
    expect(
      await evaluate('{ "all": items[price > 1].name }', {
        items: [
          { name: 'a', price: 2 },
          { name: 'b', price: 3 },
        ],
      }),
    ).toEqual({
      ok: true,
      value: { all: ['a', 'b'] },
    });
  });

  it.each([
    ['runs for ever', '( $f := function($n) { $f($n + 1) }; $f(0) )'],
    ['recurses ever deeper', '( $f := function($n) { 1 + $f($n + 1) }; $f(0) )'],
    ['makes ever more', '[1..1000000]'],
    ['fails on the payload', '$uppercase(7)'],
  ])('that %s is stopped with a problem', async (_what, expression) => {
    expect(await evaluate(expression, {})).toMatchObject({
      ok: false,
      problem: { code: 'RequestInvalid', message: expect.stringMatching(/JSONata [A-Z]\d+/) },
    });
  });

  it('does not repeat the payload where it fails', async () => {
    const read = await evaluate('$number(secret)', { secret: 'hunter2' });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

describe('The VM ids in a text', () => {
  it.each<[string, string, number]>([
    ['in a sentence', `The VM ${VM_ID}, please.`, 1],
    ['at the end of a sentence', `Look at ${VM_ID}.`, 1],
    ['in brackets and quotes', `("${VM_ID}")`, 1],
    ['in a portal address', `https://portal.azure.com/#@contoso/resource${VM_ID}`, 1],
    ['in the address of the VM’s page', `https://portal.azure.com/#@contoso/resource${VM_ID}/overview`, 1],
    ['twice in different case', `${VM_ID} ${VM_ID.toUpperCase()}`, 1],
    ['two of them', `${VM_ID} ${VM_ID.replace('web-1', 'web-2')}`, 2],
    ['of an extension', `${VM_ID}/extensions/agent`, 0],
    [
      'of a scale set instance',
      VM_ID.replace('virtualMachines/web-1', 'virtualMachineScaleSets/s/virtualMachines/1'),
      0,
    ],
    ['that goes on', `${VM_ID}/`.repeat(2), 0],
    ['of nothing', 'the web server', 0],
  ])('%s', (_where, text, count) => {
    expect(findVmIds(text)).toHaveLength(count);
    if (count > 0) expect(findVmIds(text)[0]).toBe(VM_ID.toLowerCase());
  });

  it('are found quickly in a text made to be slow', () => {
    const nasty = `${VM_ID.slice(0, -5)}${'a-'.repeat(50_000)}`;
    expect(findVmIds(`${'/subscriptions/'.repeat(10_000)}${nasty}`)).toEqual([]);
    expect(findVmIds(`/subscriptions/${'-'.repeat(250_000)}x`)).toEqual([]);
  });
});
