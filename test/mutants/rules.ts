import type { Mutant } from './mutant.ts';

const PLANS = 'test/shared/repair/rule-plans.test.ts';
const WINDOWS = 'test/shared/repair/policy/explain.test.ts';

/** What decides without touching anything, and the edges that take in and keep. */
export const RULES: readonly Mutant[] = [
  {
    what: 'a rule for two ports is closed for both',
    file: 'shared/repair/rule-plans.ts',
    from: 'rule.destinationPorts.length === 1 &&\n    rule.destinationPorts[0] === String(port)',
    to: 'rule.destinationPorts.includes(String(port))',
    killedBy: { file: PLANS, test: 'is for another port as well' },
  },
  {
    what: 'who is let in beside the Internet is shut out',
    file: 'shared/repair/rdp-exposure.ts',
    from: 'new Set([...kept, ...adminAddresses',
    to: 'new Set([...kept.slice(0, 0), ...adminAddresses',
    killedBy: { file: PLANS, test: 'is for a range' },
  },
  {
    what: 'a lock of the group behind the VM’s own does not count',
    file: 'shared/repair/locks.ts',
    from: "return level === 'CanNotDelete' && !harmless",
    to: "return level === 'CanNotDelete' && !harmless && !locks.some((lock) => isOn(lock.scope, vmId))",
    killedBy: { file: 'test/shared/repair/preflight.test.ts', test: 'behind one on the VM' },
  },
  {
    what: 'a window within one day is open before it begins',
    file: 'shared/repair/policy/maintenance.ts',
    from: 'opens(day) && minute >= from && minute < to',
    to: 'opens(day) && minute < to',
    killedBy: { file: WINDOWS, test: 'within one day' },
  },
  {
    what: 'a window within one day is open a minute longer',
    file: 'shared/repair/policy/maintenance.ts',
    from: 'opens(day) && minute >= from && minute < to',
    to: 'opens(day) && minute >= from && minute <= to',
    killedBy: { file: WINDOWS, test: 'within one day' },
  },
  {
    what: 'a window from an hour to the same is never open',
    file: 'shared/repair/policy/maintenance.ts',
    from: 'if (from < to) return',
    to: 'if (from <= to) return',
    killedBy: { file: WINDOWS, test: 'to the same hour' },
  },
  {
    what: 'a broken-into VM may delete evidence',
    file: 'shared/store/evidence.ts',
    from: `BlobSASPermissions.parse('racw')`,
    to: `BlobSASPermissions.parse('racwd')`,
    killedBy: {
      file: 'test/shared/store/evidence.test.ts',
      test: 'may be written, and not deleted',
    },
  },
  {
    what: 'evidence may be written for days',
    file: 'shared/store/evidence.ts',
    from: 'const SAS_HOURS = 3;',
    to: 'const SAS_HOURS = 300;',
    killedBy: { file: 'test/shared/store/evidence.test.ts', test: 'for some hours' },
  },
  {
    what: 'unchecked text reaches a script that runs as SYSTEM',
    file: 'shared/guest/parameters.ts',
    from: 'if (!values.every((value) => VALUES.test(value)))',
    to: 'if (values.length > 99)',
    killedBy: {
      file: 'test/shared/guest/parameters.test.ts',
      test: 'characters that mean something to a shell',
    },
  },
  {
    what: 'a peer deletes certificates for a run without a number',
    file: 'shared/guest/parameters.ts',
    from: `  if (!NONCE.test(nonce)) throw new MedicError('Internal', 'A guest script has no place to work at.');\n`,
    to: '',
    killedBy: { file: 'test/shared/guest/parameters.test.ts', test: 'no number of a peer’s run' },
  },
  {
    what: 'the first two bytes of a signature are enough',
    file: 'shared/intake/tickets/authenticate.ts',
    from: 'a.byteLength === b.byteLength && timingSafeEqual(a, b)',
    to: 'timingSafeEqual(a.subarray(0, 2), b.subarray(0, 2))',
    killedBy: { file: 'test/shared/intake/tickets/authenticate.test.ts', test: 'last byte is another' },
  },
  {
    what: 'the fleet watch asks for VMs that nobody has opted in',
    file: 'shared/repair/policy/watched.ts',
    from: ' || !hasTag(tags, policy.tag.name, policy.tag.optIn)',
    to: '',
    killedBy: { file: 'test/shared/repair/policy/watched.test.ts', test: 'none that is not' },
  },
  {
    what: 'the fleet watch has VMs repaired that a network rule keeps silent',
    file: 'shared/repair/policy/watched.ts',
    from: 'return isOfWindows(probe) && ',
    to: 'return ',
    killedBy: { file: 'test/shared/repair/policy/watched.test.ts', test: 'acts upon answers' },
  },
];
