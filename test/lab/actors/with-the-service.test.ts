import { parseActors } from '../../../lab/actors/parse.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from '../../e2e/support/theatre.ts';

const NOW = Date.now();
const NAME = 'rdp-certificate';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(55, { fleet: [fleetVm(NAME, { now: NOW })] });
});
afterAll(() => theatre.close());

describe('somebody who acts while the service repairs', () => {
  it('takes lab time before a call of it, although the host holds the clock while it waits for the answer', async () => {
    const { lab } = theatre.stage;
    lab.actors.add(...parseActors(`oncall: Microsoft.Compute/snapshots/write -> restart on ${NAME}`));
    await theatre.remediate(NAME);
    const [restart] = lab.actors.history();
    expect(restart).toMatchObject({ who: 'oncall', deed: 'restart' });
    expect(restart?.error).toBeUndefined();
    expect((restart?.endedAt ?? 0) - (restart?.at ?? 0)).toBe(35_000);
    expect(lab.actors.pending()).toEqual([]);
  });
});
