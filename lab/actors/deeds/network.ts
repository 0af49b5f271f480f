import { ArmError } from '../../arm/errors.ts';
import { at, toJsonObject, type JsonObject } from '../../arm/store/json.ts';
import type { SecurityRule } from '../../arm/store/resources.ts';
import { nicIdOf, nsgIdOf, type Scene } from '../scene.ts';
import type { VerbEntry } from './verb.ts';

/** A new rule as the portal would have it. */
const NEW_RULE = {
  protocol: 'Tcp',
  access: 'Allow',
  priority: 200,
  direction: 'Inbound',
  sourcePortRange: '*',
  sourceAddressPrefix: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '3389',
};

const list = (text: string): string[] => text.split(',');

/** How a setting is written in a rule. */
const MEMBERS: Record<string, (value: string) => JsonObject> = {
  access: (access) => ({ access }),
  priority: (priority) => ({ priority: Number(priority) }),
  protocol: (protocol) => ({ protocol }),
  sources: (value) => ({ sourceAddressPrefix: undefined, sourceAddressPrefixes: list(value) }),
  destinations: (value) => ({ destinationAddressPrefix: undefined, destinationAddressPrefixes: list(value) }),
  ports: (value) => ({ destinationPortRange: undefined, destinationPortRanges: list(value) }),
};

/**
 * The rule of that name; with `*` at its end the newest whose name begins so.
 * @throws ArmError 404 where nothing begins so
 */
function existingRule({ context }: Scene, nsg: string, pattern: string): SecurityRule | undefined {
  const wanted = pattern.toLowerCase().replace(/\*$/, '');
  const isOneOfMany = pattern.endsWith('*');
  const found = context.store.networkSecurityGroups
    .get(nsg)
    .rules.findLast(({ name }) =>
      isOneOfMany ? name.toLowerCase().startsWith(wanted) : name.toLowerCase() === wanted,
    );
  if (!found && isOneOfMany) throw new ArmError(404, 'NotFound', `No rule begins with '${wanted}'.`);
  return found;
}

/** NIC of the VM, and the rules of the group on it. */
export const NETWORK = {
  rule: {
    usage: 'rule <name> [access= priority= protocol= sources= destinations= ports=]',
    words: [1, 1],
    needsSettings: true,
    async run(scene, [pattern = ''], settings) {
      const nsg = nsgIdOf(scene);
      const existing = existingRule(scene, nsg, pattern);
      const name = existing?.name ?? pattern;
      let properties = toJsonObject(existing?.properties ?? NEW_RULE);
      for (const [key, value] of Object.entries(settings)) {
        const member = MEMBERS[key];
        if (!member) throw new RangeError(`A rule has no '${key}'.`);
        properties = { ...properties, ...member(value) };
      }
      await scene.azure.change('PUT', `${nsg}/securityRules/${name}`, { properties });
    },
  },
  'delete-rule': {
    usage: 'delete-rule <name>',
    words: [1, 1],
    async run(scene, [pattern = '']) {
      const nsg = nsgIdOf(scene);
      const name = existingRule(scene, nsg, pattern)?.name ?? pattern;
      await scene.azure.change('DELETE', `${nsg}/securityRules/${name}`);
    },
  },
  /** Takes the group or the public address off the NIC. */
  nic: {
    usage: 'nic drop-nsg|drop-address',
    words: [1, 1],
    async run(scene, [what]) {
      const id = nicIdOf(scene);
      const nic = toJsonObject(await scene.azure.get(id));
      const properties = toJsonObject(nic['properties']);
      if (what === 'drop-nsg') delete properties['networkSecurityGroup'];
      else if (what === 'drop-address') properties['ipConfigurations'] = withoutAddress(properties);
      else throw new RangeError(`A NIC cannot '${String(what)}'.`);
      await scene.azure.change('PUT', id, { ...nic, properties });
    },
  },
} satisfies Record<string, VerbEntry>;

function withoutAddress(properties: JsonObject): JsonObject[] {
  const configurations = properties['ipConfigurations'];
  return (Array.isArray(configurations) ? configurations : []).map((configuration) => {
    const { publicIPAddress: _, ...rest } = toJsonObject(at(configuration, 'properties'));
    return { ...toJsonObject(configuration), properties: rest };
  });
}
