import { eachOf } from '../support/rows.ts';
import { expectAsFound, openTheatreFor, suffer, withNames, type Misfortune } from './support/misfortune.ts';
import { requestFor } from './support/offline-repair.ts';
import type { Theatre } from './support/theatre.ts';

const WRITE = 'virtualMachines/write';
const READ = 'GET:*virtualMachines/read@$vm';
const rebuild = requestFor('rebuild');
const vm = 'tls-agent-not-ready';

/** Longer than the service waits for any operation; it then ends by itself, while the service takes everything back. */
const HANGS = 'hang(3700)';

/** Operations that do not end in time. */
const HANGING = [
  { what: 'the deallocation', faults: `*deallocate/action=${HANGS}` },
  { what: 'the second copy', faults: `2 PUT:*disks/write=${HANGS}` },
  { what: 'the second attach', faults: `3 *attachDetachDataDisks/action=${HANGS}` },
  { what: 'another script on the rescue VM', faults: `3 PUT:*runCommands/write=hang(9000)` },
  { what: 'the second detach', faults: `4 *attachDetachDataDisks/action=${HANGS}` },
  { what: 'the swap', faults: `PATCH:*${WRITE}=${HANGS}` },
  { what: 'the deletion of the VM', faults: `DELETE:*@$vm=${HANGS}`, request: rebuild },
  { what: 'the rebuild', faults: `PUT:*${WRITE}@$vm=${HANGS}`, request: rebuild },
];

/** The service cannot see what its own call did. */
const BLIND = [
  {
    what: 'the swap, whose answer is lost',
    faults: `PATCH:*${WRITE}=lose-answer`,
    then: `${READ}=403(AuthorizationFailed)`,
  },
  {
    what: 'the VM after a swap that failed',
    faults: `PATCH:*${WRITE}=fail(InternalError)`,
    then: `1+30 ${READ}=503`,
  },
  {
    what: 'the VM after its start failed for good',
    faults: '1+4 *start/action=fail(AllocationFailed)',
    then: `1+30 ${READ}=503`,
  },
  {
    what: 'the rebuild, whose answer is lost',
    faults: `PUT:*${WRITE}@$vm=lose-answer`,
    then: `${READ}=403(AuthorizationFailed)`,
    request: rebuild,
  },
  {
    what: 'the VM that is gone',
    faults: 'DELETE:*@$vm=lose-answer',
    then: `1+15 ${READ}=503; 1+2 PUT:*${WRITE}@$vm=reset`,
    request: rebuild,
  },
];

const rows = withNames<Misfortune>([...HANGING, ...BLIND].map((row) => ({ ...row, vm })));
const rowsOf = (table: readonly { what: string }[]) =>
  rows.filter(({ what }) => table.some((one) => one.what === what));

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatreFor(12, rows);
});
afterAll(() => theatre.close());

eachOf(rowsOf(HANGING), 8)('a VM is as it was found when $what does not end in time', async (row) => {
  const aftermath = await suffer(theatre, row);
  expectAsFound(theatre, row.name, aftermath);
  expect(aftermath.record.errors.map(({ code }) => code)).toContain('OperationTimedOut');
});

eachOf(rowsOf(BLIND), 8)('a VM is as it was found when Azure does not show $what', async (row) => {
  expectAsFound(theatre, row.name, await suffer(theatre, row));
});
