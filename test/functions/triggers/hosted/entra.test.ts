import { ALL_DOORS, FOR_ANYBODY, KEY, startDoors, type Doors } from './doors.ts';

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
    ['is signed in elsewhere', { 'x-ms-client-principal': principal('facebook') }],
  ])(
    'is 401 for who has not signed in and %s, but at its health and where tickets sign for themselves',
    async (_what, headers) => {
      expect(await doors.openTo(headers)).toEqual([TICKETS, ...FOR_ANYBODY]);
    },
  );

  it('lets in at every door who has', async () => {
    expect(await doors.openTo({ 'x-ms-client-principal': principal('aad') })).toEqual(ALL_DOORS);
  });
});

function principal(provider: string): string {
  return Buffer.from(JSON.stringify({ auth_typ: provider, claims: [{}] })).toString('base64');
}
