import { eachOf } from '../support/rows.ts';
import { expectRepaired, openTheatreFor, suffer, withNames, type Misfortune } from './support/misfortune.ts';
import { requestFor } from './support/offline-repair.ts';
import type { Theatre } from './support/theatre.ts';

const WRITE = 'virtualMachines/write';
const rebuild = requestFor('rebuild');

/**
 * Misfortunes that pass: the repair must come through them, make nothing twice, and leave no trace of them. Intake
 * reads the VM first and answers its caller by itself: where any call counts, the repair's own begin with the second.
 */
const ONLINE: Misfortune[] = [
  { what: '429 with Retry-After', faults: '2+3 *=429/30' },
  { what: '429 without Retry-After', faults: '2+3 *virtualMachines/*=429' },
  { what: '429 that asks for no wait at all', faults: '2+6 *virtualMachines/read=429/0' },
  { what: '503 at every kind of call', faults: '2+2 *=503; 3+2 *runCommands/*=503' },
  { what: '500 at the snapshot', faults: '1+2 PUT:*snapshots/write=500' },
  { what: 'a connection that breaks before the snapshot', faults: 'PUT:*snapshots/write=reset' },
  { what: 'a connection that breaks before every write', faults: '1+2 PUT:*=reset' },
  { what: 'the lost answer of the snapshot', faults: 'PUT:*snapshots/write=lose-answer' },
  { what: 'the lost answer of the first script', faults: 'PUT:*runCommands/write=lose-answer' },
  { what: 'the lost answer of every script', faults: '1+2 PUT:*runCommands/write=lose-answer' },
  { what: 'the lost answer of the removal of a script', faults: '*runCommands/delete=lose-answer' },
  { what: 'the lost answer of the restart', faults: '*restart/action=lose-answer' },
  { what: 'a snapshot that takes long', faults: 'PUT:*snapshots/write=hang(1500)' },
  { what: 'a refusal to remove a script, once', faults: '*runCommands/delete=403(AuthorizationFailed)' },
].map((row) => ({ ...row, vm: 'tls' }));

const OFFLINE: Misfortune[] = [
  { what: '429 and 503 all over the place', faults: '3+2 *=429/20; 20+2 *=503; 40+2 *=429; 60+2 *=500' },
  { what: 'a connection that breaks before every write', faults: '1+3 PUT:*=reset; 1+3 *action=reset' },
  { what: 'the lost answer of the deallocation', faults: '*deallocate/action=lose-answer' },
  { what: 'the lost answer of the snapshot', faults: 'PUT:*snapshots/write=lose-answer' },
  { what: 'the lost answer of both copies', faults: '1+2 PUT:*disks/write=lose-answer' },
  { what: 'the lost answer of the rescue NIC', faults: 'PUT:*networkInterfaces/write=lose-answer' },
  { what: 'the lost answer of the rescue VM', faults: `PUT:*${WRITE}@rescue-vm=lose-answer` },
  { what: 'the lost answer of attach and detach', faults: '1+2 *attachDetachDataDisks/action=lose-answer' },
  { what: 'the lost answer of the swap', faults: `PATCH:*${WRITE}=lose-answer` },
  {
    what: 'a swap refused once by the code of many things',
    faults: `PATCH:*${WRITE}=409(OperationNotAllowed)`,
  },
  { what: 'the lost answer of the start', faults: '*start/action=lose-answer' },
  { what: 'the lost answer of a script', faults: '2 PUT:*runCommands/write=lose-answer' },
  { what: 'the lost answer of every deletion', faults: '1+* DELETE:*=lose-answer' },
  { what: 'the lost answer of the tags', faults: '1+2 PATCH:*disks/write=lose-answer' },
  { what: 'no capacity at the first start', faults: '*start/action=fail(AllocationFailed)' },
  { what: 'a slow copy and a slow rescue VM', faults: `PUT:*disks/write=hang(900); PUT:*${WRITE}=hang(900)` },
  { what: 'the lost answer of the deletion of the VM', faults: `DELETE:*@$vm=lose-answer`, request: rebuild },
  { what: 'the lost answer of the rebuild', faults: `PUT:*${WRITE}@$vm=lose-answer`, request: rebuild },
  {
    what: 'the lost answer of "Detach"',
    faults: `PATCH:*${WRITE}@$vm=lose-answer`,
    request: rebuild,
    takesAlong: true,
  },
].map((row) => ({ ...row, vm: 'tls-agent-not-ready' }));

const rows = withNames([
  ...ONLINE,
  { what: '429, 503 and a reset', faults: '2 *=429; 5 *=503; 9 *=reset', vm: 'rdp-certificate' },
  ...OFFLINE,
]);

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatreFor(10, rows);
});
afterAll(() => theatre.close());

eachOf(rows, 12)('$vm is repaired in spite of $what', async (row) => {
  expectRepaired(theatre, row.name, await suffer(theatre, row));
});
