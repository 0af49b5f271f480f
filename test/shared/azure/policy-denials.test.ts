import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { readRoleDefinition } from '../../../lab/arm/access/roles.ts';
import { readPolicyDenials } from '../../../shared/azure/policy-denials.ts';
import { startAzureBench, type AzureBench } from './bench.ts';

let bench: AzureBench;
afterEach(() => bench.close());

describe('What Azure Policy says beforehand', () => {
  it('names the assignments that would deny a change of the VM as it stands, and no others', async () => {
    bench = await startAzureBench({ size: 'Standard_D4s_v5', tags: { owner: 'me' } });
    const { denials } = bench.lab.governance;
    const { azure } = bench.acting;
    expect(await readPolicyDenials(azure, bench.vmId)).toEqual({ assignments: [] });
    denials.push(
      { name: 'sizes', scope: LAB_GROUP_ID, denies: { vmSizes: ['Standard_D4s_v5'] } },
      { name: 'owner', scope: LAB_GROUP_ID, denies: { missingTag: 'owner' } },
      { name: 'elsewhere', scope: `${LAB_GROUP_ID}-2`, denies: { missingTag: 'cost-centre' } },
      { name: 'cost', scope: LAB_GROUP_ID, denies: { missingTag: 'cost-centre' } },
    );
    const { assignments } = await readPolicyDenials(azure, bench.vmId);
    expect(assignments?.map((id) => id.split('/').at(-1))).toEqual(['sizes', 'cost']);
  });

  it('is not known where the service may not ask', async () => {
    const role = readRoleDefinition();
    const Actions = role.Actions.filter((action) => !action.startsWith('Microsoft.PolicyInsights'));
    bench = await startAzureBench({}, { role: { ...role, Actions }, assignedScopes: [LAB_GROUP_ID] });
    expect(await readPolicyDenials(bench.acting.azure, bench.vmId)).toEqual({ assignments: null });
  });
});
