import { ROLES } from '../../../../shared/model/principal.ts';
import { signedIn } from '../app.ts';
import { FOR_ANYBODY, FROM_PAGE, FROM_PROGRAMS, KEY, sorted, startDoors, type Doors } from './doors.ts';

const TICKETS = 'POST /api/tickets/github';

describe('A service with Entra ID in front (RDP_MEDIC_AUTH=entra)', () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await startDoors(83, { RDP_MEDIC_AUTH: 'entra' });
  });
  afterAll(() => doors.close());

  it.each<[string, Record<string, string>]>([
    ['says nothing', {}],
    ['has the function key', { 'x-functions-key': KEY }],
    ['is of another tenant', signedIn(ROLES, { tid: '99999999-9999-4999-8999-999999999999' })],
  ])(
    'is 401 for who has not signed in and %s, but at its health and where tickets sign for themselves',
    async (_what, headers) => {
      expect(await doors.openTo(headers)).toEqual(sorted([TICKETS, ...FOR_ANYBODY]));
    },
  );

  it('lets in at every door who has', async () => {
    expect(await doors.openTo(signedIn(ROLES))).toEqual(
      sorted([...FROM_PROGRAMS, ...FROM_PAGE, ...FOR_ANYBODY]),
    );
  });
});
