import { storageAccount } from '../support/storage.ts';
import { openScene, ROWS, SHORT, type RowName, type Scene } from './rows.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(storageAccount(193), SHORT);
}, 60_000);
afterAll(() => scene.theatre.close());

it.each(Object.keys(ROWS) as RowName[])(
  'some cases of what `npm run chaos` plays hold: %s',
  async (name) => {
    const { told, wrong } = await ROWS[name](scene, SHORT);
    expect(wrong).toEqual([]);
    expect(told.every(({ holds }) => holds)).toBe(true);
  },
  120_000,
);
