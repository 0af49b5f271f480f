import { storageAccount } from '../support/storage.ts';
import { closeScene, openScene, ROWS, SHORT, type RowName, type Scene } from './rows.ts';
import { describeInRows } from '../support/rows.ts';

const PLAYED = Object.keys(ROWS) as RowName[];

let scene: Scene;
beforeAll(async () => {
  scene = await openScene(storageAccount(193), SHORT, PLAYED);
});
afterAll(() => closeScene(scene));

describeInRows('What npm run chaos plays', () => {
  it.each(PLAYED)(
    'some cases of what `npm run chaos` plays hold: %s',
    async (name) => {
      const outcomes = await ROWS[name](scene, SHORT);
      expect(outcomes.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(outcomes).not.toEqual([]);
    },
    600_000,
  );
});
