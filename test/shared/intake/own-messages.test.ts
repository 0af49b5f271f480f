import { believed, withProof } from '../../../shared/intake/own-messages.ts';
import { remediationRequestSchema, type RemediationRequest } from '../../../shared/model/request.ts';

const SENT = remediationRequestSchema.parse({
  vmId: '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm',
  source: { kind: 'operator', name: 'ada@example.com' },
});

function claims() {
  const made = new Set<string>();
  return {
    claim: (kind: string, key: string) => {
      made.add(`${kind}:${key}`);
      return Promise.resolve(true);
    },
    isClaimed: (kind: string, key: string) => Promise.resolve(made.has(`${kind}:${key}`)),
  };
}

describe('A message on the queue', () => {
  it('is believed to be whose it says where we sent it, this very one', async () => {
    const intake = claims();
    const sent: RemediationRequest[] = [];
    await withProof({ send: (request) => Promise.resolve(void sent.push(request)) }, intake).send(SENT, 0);
    expect(sent).toEqual([SENT]);
    expect(await believed(SENT, 'message', intake)).toEqual(SENT);
    const forged = [
      { ...SENT, mode: 'online' as const },
      { ...SENT, vmId: `${SENT.vmId}-2` },
      { ...SENT, source: { ...SENT.source, name: 'eve@example.com' } },
    ];
    for (const one of forged)
      expect(await believed(one, 'message', intake)).toEqual({
        ...one,
        source: { kind: 'queue', id: 'message' },
      });
  });

  it('is otherwise the queue’s, by the id of the message, cut to what a record takes', async () => {
    const { source } = await believed(SENT, 'x'.repeat(600), claims());
    expect(source).toEqual({ kind: 'queue', id: 'x'.repeat(512) });
  });

  it('that says it is the queue’s is so', async () => {
    const own = { ...SENT, source: { kind: 'queue' as const, id: 'own' } };
    expect(await believed(own, 'message', claims())).toEqual(own);
  });
});
