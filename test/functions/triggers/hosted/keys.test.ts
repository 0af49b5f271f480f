import { signedIn } from '../app.ts';
import { FOR_ANYBODY, FROM_PAGE, FROM_PROGRAMS, KEY, sorted, startDoors, type Doors } from './doors.ts';

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
    ['with a session that we did not sign', { cookie: '__Host-rdp-medic=v1.0.9999999999999.a.b' }],
  ])('is 401 %s at every door, but for its health and the page’s own files', async (_what, headers) => {
    expect(await doors.openTo(headers)).toEqual(sorted(FOR_ANYBODY));
  });

  it('lets programs in at every door of theirs with it', async () => {
    const open = await doors.openTo({ 'x-functions-key': KEY });
    expect(open).toEqual(sorted([...FROM_PROGRAMS, ...FOR_ANYBODY]));
  });

  it('lets the page in at every door of its own with the session that it was exchanged for', async () => {
    const open = await doors.openTo({ cookie: await doors.signIn() });
    expect(open).toEqual(sorted([...FROM_PAGE, ...FOR_ANYBODY]));
  });

  it.each([
    ['//', 404, ''],
    ['/api/remediations/%E4', 404, 'NotFound'],
    ['/api/remediations/%zz', 404, 'NotFound'],
    [`/api/remediations/${'a'.repeat(3000)}`, 404, 'NotFound'],
    ['/api/remediations/a%00b', 400, ''],
    ['/api/policy/explain?vm=%ff', 400, 'percent-encoded'],
  ])('answers %.40s with %i', async (path, status, told) => {
    const answer = await fetch(doors.url + path, { headers: { 'x-functions-key': KEY } });
    const body = await answer.text();
    expect(answer.status).toBe(status);
    if (told === '') expect(body).toBe('');
    else expect(body).toContain(told);
  });

  it('tells a sender of a chunked body to say its length, since the host hands it on empty', async () => {
    const send = (body: string | ReadableStream<Uint8Array>): Promise<Response> =>
      fetch(`${doors.url}/api/remediations`, {
        method: 'POST',
        headers: { 'x-functions-key': KEY, 'content-type': 'application/json' },
        body,
        duplex: 'half',
      });
    const chunked = await send(new Blob(['{}']).stream());
    expect(chunked.status).toBe(411);
    expect(await chunked.json()).toMatchObject({ code: 'BodyLengthMissing' });
    expect((await send('{}')).status).toBe(400);
  });
});
