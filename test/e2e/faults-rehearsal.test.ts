import { eachOf } from '../support/rows.ts';
import {
  expectAsFound,
  expectNeverDown,
  openTheatreFor,
  suffer,
  withNames,
  type Misfortune,
} from './support/misfortune.ts';
import type { Theatre } from './support/theatre.ts';

const WRITE = 'virtualMachines/write';
const vm = 'tls-agent-not-ready';

/** The rehearsal of the offline repair breaks off: the VM never goes down. */
const ROWS = withNames<Misfortune & { says: string }>([
  { vm, what: 'the copy fails', faults: 'PUT:*disks/write=fail(InternalError)', says: 'InternalError' },
  {
    vm,
    what: 'there is no capacity for a rescue VM of any size',
    faults: `1+* PUT:*${WRITE}=fail(AllocationFailed)`,
    says: 'AllocationFailed',
  },
  {
    vm,
    what: 'no size of the rescue VM is to be had',
    faults: `1+* PUT:*${WRITE}=409(SkuNotAvailable)`,
    says: 'SkuNotAvailable',
  },
  {
    vm,
    what: 'the rescue NIC fails',
    faults: 'PUT:*networkInterfaces/write=fail(SubnetIsFull)',
    says: 'SubnetIsFull',
  },
  {
    vm,
    what: 'the attach fails',
    faults: '*attachDetachDataDisks/action=fail(AttachDiskFailed)',
    says: 'AttachDiskFailed',
  },
  {
    vm,
    what: 'the rescue VM does not answer',
    faults: 'PUT:*runCommands/write=fail(VMAgentStatusCommunicationError: The VM agent is silent.)',
    says: 'VMAgentStatusCommunicationError',
  },
  {
    vm,
    what: 'the detach fails',
    faults: '2 *attachDetachDataDisks/action=fail(DetachFailed)',
    says: 'DetachFailed',
  },
  // Longer than the service waits.
  {
    vm,
    what: 'the copy does not end in time',
    faults: `PUT:*disks/write=hang(3700)`,
    says: 'did not complete within',
  },
  {
    vm,
    what: 'the rescue VM does not end in time',
    faults: `PUT:*${WRITE}=hang(3700)`,
    says: 'did not complete within',
  },
  {
    vm,
    what: 'the attach does not end in time',
    faults: `*attachDetachDataDisks/action=hang(3700)`,
    says: 'did not complete within',
  },
  {
    vm,
    what: 'a script on the rescue VM does not end in time',
    faults: `PUT:*runCommands/write=hang(9000)`,
    says: 'returned no result',
  },
  {
    vm,
    what: 'the detach does not end in time',
    faults: `2 *attachDetachDataDisks/action=hang(3700)`,
    says: 'did not complete within',
  },
]);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatreFor(52, ROWS);
});
afterAll(() => theatre.close());

eachOf(ROWS, 8)('a VM is never taken down when $what', async (row) => {
  const aftermath = await suffer(theatre, row);
  expectAsFound(theatre, row.name, aftermath, 'not-fixed');
  expectNeverDown(theatre, row.name);
  expect(aftermath.record.outcome?.summary).toContain(row.says);
});
