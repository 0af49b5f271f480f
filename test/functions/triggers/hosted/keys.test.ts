import { signedIn } from '../app.ts';
import { ALL_DOORS, FOR_ANYBODY, KEY, startDoors, type Doors } from './doors.ts';

describe('A service that asks for the function key', () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await startDoors(82);
  });
  afterAll(() => doors.close());

  it.each<[string, Record<string, string>]>([
    ['without key', {}],
    ['with a wrong key', { 'x-functions-key': 'wrong' }],
    ['with half of the key', { 'x-functions-key': KEY.slice(0, 4) }],
    ['with somebody’s own word that he is signed in', signedIn(['Operate'])],
  ])('is 401 %s at every door, but for its health', async (_what, headers) => {
    expect(await doors.openTo(headers)).toEqual(FOR_ANYBODY);
  });

  it('lets in at every door with it', async () => {
    expect(await doors.openTo({ 'x-functions-key': KEY })).toEqual(ALL_DOORS);
  });
});
