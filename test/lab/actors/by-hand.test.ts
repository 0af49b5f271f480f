import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlAnswerSchema, findControl, openControl, type Control } from '../../../local/demo/control.ts';
import { startBench, windowsVm, type Bench } from '../arm/support/lab.ts';

let bench: Bench;
let control: Control;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-control-'));
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
  control = await openControl(bench.lab, folder);
});
afterEach(async () => {
  await control.close();
  await bench.close();
  rmSync(folder, { recursive: true });
});

async function act(body: string, key?: string): Promise<Response> {
  const address = findControl(folder);
  return fetch(address?.url ?? '', {
    method: 'POST',
    headers: { 'x-lab-key': key ?? address?.key ?? '' },
    body,
  });
}

describe('acting by hand on a lab that runs', () => {
  it('does it at once, and says how it went', async () => {
    const answer = await act('oncall: now -> deallocate, resize Standard_Z9 on vm1');
    expect(controlAnswerSchema.parse(await answer.json())).toMatchObject({
      done: [
        { who: 'oncall', deed: 'deallocate' },
        { deed: 'resize Standard_Z9', error: { code: 'InvalidParameter' } },
      ],
      waiting: 0,
    });
    expect(bench.lab.vm('vm1').power).toBe('deallocated');
  });

  it('may wait for its moment', async () => {
    const answer = await act('*/start/action@vm1 -> unlock');
    expect(controlAnswerSchema.parse(await answer.json())).toEqual({ done: [], waiting: 1 });
  });

  it('says what it cannot read', async () => {
    const answer = await act('explode');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Not an actor');
  });

  it('needs the key that lies in the folder of the lab', async () => {
    expect((await act('now -> delete on vm1', 'guessed')).status).toBe(401);
    await bench.clock.idle();
    expect(bench.lab.activity()).toEqual([]);
  });

  it('is found as long as the lab runs', async () => {
    expect(findControl(folder)?.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await control.close();
    expect(findControl(folder)).toBeUndefined();
    control = await openControl(bench.lab, folder);
  });
});
