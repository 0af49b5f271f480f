import {
  isLetIn,
  isOpenSource,
  isTooWide,
  isWithin,
  mayOverlap,
} from '../../../shared/model/address-prefix.ts';
import { addressPrefixSchema } from '../../../shared/model/request.ts';

describe('a source', () => {
  it.each([
    '*',
    'Internet',
    'internet',
    '0.0.0.0/0',
    '::/0',
    'Any',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '2000::/3',
    '::ffff:0:0/96',
    'AzureCloud',
    'AzureCloud.WestEurope',
  ])('%s is open', (source) => {
    expect(isOpenSource(source)).toBe(true);
  });
  it.each(['10.0.0.0/8', '203.0.113.7', 'VirtualNetwork', 'AzureLoadBalancer', '203.0.113.0/24', 'nonsense'])(
    '%s is not',
    (source) => {
      expect(isOpenSource(source)).toBe(false);
    },
  );
});

describe('an address of administrators', () => {
  it.each(['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '32.0.0.0/7', '2000::/18', '::ffff:0:0/99'])(
    '%s is refused: it is more than one owner has',
    (prefix) => {
      expect(isTooWide(prefix)).toBe(true);
      const { error } = addressPrefixSchema.safeParse(prefix);
      expect(error?.issues[0]?.message).toContain('is too wide');
    },
  );
  it.each([
    '10.0.0.0/8',
    '2001:db8::/19',
    '203.0.113.7',
    '2001:db8::7',
    '198.51.100.0/24',
    '::ffff:a00:0/104',
  ])('%s is taken', (prefix) => {
    expect(addressPrefixSchema.safeParse(prefix).success).toBe(true);
  });
});

describe('two prefixes', () => {
  it.each([
    ['10.0.0.4', '10.0.0.0/24', true],
    ['10.0.0.0/25', '10.0.0.0/24', true],
    ['10.0.0.4', '10.0.0.4', true],
    ['VirtualNetwork', 'virtualnetwork', true],
    ['10.0.0.0/23', '10.0.0.0/24', false],
    ['10.0.1.4', '10.0.0.0/24', false],
    ['2001:db8::1', '10.0.0.0/8', false],
    ['10.0.0.4', 'VirtualNetwork', false],
  ])('%s within %s: %s', (inner, outer, within) => {
    expect(isWithin(inner, outer)).toBe(within);
  });

  it.each([
    ['10.0.0.0/23', '10.0.0.0/24', true],
    ['10.0.0.0/24', '10.0.0.0/23', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.0.0/24', 'AzureCloud', true],
  ])('%s and %s may overlap: %s', (one, other, overlap) => {
    expect(mayOverlap(one, other)).toBe(overlap);
  });

  it.each([
    ['203.0.113.7', ['*'], true],
    ['203.0.113.7', ['Internet'], true],
    ['10.0.0.7', ['Internet'], false],
    ['203.0.113.7', ['192.0.2.0/24', '203.0.113.0/24'], true],
    ['203.0.113.7', ['AzureCloud'], false],
    ['203.0.113.7', [], false],
  ])('%s is let in by %j: %s', (address, sources, letIn) => {
    expect(isLetIn(address, sources)).toBe(letIn);
  });
});
