import fc from 'fast-check';
import { DEFAULT_RULES } from '../../../lab/arm/network/default-rules.ts';
import { decide, type Packet } from '../../../lab/arm/network/reachability.ts';
import type { SecurityRule } from '../../../lab/arm/store/resources.ts';

const NETWORK = ['10.0.0.0/16'];
const addressArbitrary = fc.constantFrom('10.0.0.4', '10.0.7.9', '198.51.100.7', '203.0.113.66', '8.8.8.8');
const prefixArbitrary = fc.constantFrom(
  '*',
  'Internet',
  'VirtualNetwork',
  '198.51.100.0/24',
  '203.0.113.66',
  '10.0.0.0/8',
  '8.8.8.8/32',
);
const portArbitrary = fc.constantFrom(22, 443, 3389, 3390, 65535);
const portRangeArbitrary = fc.constantFrom('*', '3389', '3000-4000', '443', '1-65535');

const ruleArbitrary = fc.record({
  name: fc.string({ minLength: 1, maxLength: 8 }),
  properties: fc.record({
    protocol: fc.constantFrom('Tcp' as const, 'Udp' as const, '*' as const),
    access: fc.constantFrom('Allow' as const, 'Deny' as const),
    direction: fc.constantFrom('Inbound' as const, 'Outbound' as const),
    priority: fc.integer({ min: 100, max: 4096 }),
    sourceAddressPrefixes: fc.array(prefixArbitrary, { minLength: 1, maxLength: 3 }),
    destinationPortRanges: fc.array(portRangeArbitrary, { minLength: 1, maxLength: 2 }),
    destinationAddressPrefix: fc.constant('*'),
    sourcePortRange: fc.constant('*'),
  }),
});
const rulesArbitrary = fc.uniqueArray(ruleArbitrary, {
  maxLength: 6,
  selector: ({ properties }) => properties.priority,
});
const packetArbitrary: fc.Arbitrary<Packet> = fc.record({
  source: addressArbitrary,
  destination: fc.constant('10.0.0.5'),
  port: portArbitrary,
  protocol: fc.constant('Tcp' as const),
});

const inOrder = (rules: SecurityRule[]): SecurityRule[] =>
  [...rules, ...DEFAULT_RULES].sort((one, other) => one.properties.priority - other.properties.priority);
const all = (access: 'Allow' | 'Deny', priority: number): SecurityRule => ({
  name: 'all',
  properties: {
    protocol: '*',
    access,
    priority,
    direction: 'Inbound',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  },
});

describe('security rules, whatever they are', () => {
  it('give the last word to a rule in front of all others', () => {
    fc.assert(
      fc.property(
        rulesArbitrary,
        packetArbitrary,
        fc.constantFrom('Allow' as const, 'Deny' as const),
        (rules, packet, access) => {
          expect(decide(inOrder([...rules, all(access, 1)]), packet, NETWORK)).toBe(access);
        },
      ),
    );
  });

  it('are not changed by a rule behind them that they already decide', () => {
    fc.assert(
      fc.property(rulesArbitrary, packetArbitrary, (rules, packet) => {
        const closed = inOrder([...rules, all('Deny', 5000)]);
        expect(decide(inOrder([...rules, all('Deny', 5000), all('Allow', 5001)]), packet, NETWORK)).toBe(
          decide(closed, packet, NETWORK),
        );
      }),
    );
  });

  it('without inbound rules of their own let in the network and nobody else', () => {
    fc.assert(
      fc.property(rulesArbitrary, packetArbitrary, (rules, packet) => {
        const outbound = rules.filter(({ properties }) => properties.direction === 'Outbound');
        const expected = packet.source.startsWith('10.0.') ? 'Allow' : 'Deny';
        expect(decide(inOrder(outbound), packet, NETWORK)).toBe(expected);
      }),
    );
  });

  it('do not depend on the order of prefixes within a rule', () => {
    fc.assert(
      fc.property(rulesArbitrary, packetArbitrary, (rules, packet) => {
        const turned = rules.map(({ name, properties }) => ({
          name,
          properties: {
            ...properties,
            sourceAddressPrefixes: [...properties.sourceAddressPrefixes].reverse(),
          },
        }));
        expect(decide(inOrder(turned), packet, NETWORK)).toBe(decide(inOrder(rules), packet, NETWORK));
      }),
    );
  });
});
