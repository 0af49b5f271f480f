import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { endOf as ended, addRun, observe } from '../../e2e/moving/model/play.ts';
import type { Scenario } from '../../e2e/moving/model/scenario.ts';
import { vmIdOf } from '../../e2e/moving/model/scenario.ts';
import { issueFor } from '../../e2e/support/ticket-system.ts';
import { endOf, openArena, runOf, runsToCome, STORIES } from '../support/arena.ts';
import { judge } from '../support/judge-trouble.ts';
import { createMeddlingGuests } from '../support/meddling.ts';
import type { MortalTheatre } from '../support/mortal-theatre.ts';
import { startOutsideSystems, type OutsideEffect, type OutsideSystems } from '../support/outside-systems.ts';
import { appWithStandIns } from '../../support/stand-ins.ts';

const SECRET = 'secret of the ticket system, for the chaos';
/** Who is called, and where. */
const HOSTS = {
  Teams: 'prod-07.westeurope.logic.azure.com',
  Slack: 'hooks.slack.com',
  'the webhook': 'events.contoso.example',
  'the ticket system': 'api.github.com',
} as const;
type System = keyof typeof HOSTS;

const SETTINGS: Readonly<Record<`RDP_MEDIC_${string}`, string>> = {
  RDP_MEDIC_NOTIFY_TEAMS: `https://${HOSTS.Teams}:443/workflows/1/triggers/manual/paths/invoke?sig=s`,
  RDP_MEDIC_NOTIFY_SLACK: `https://${HOSTS.Slack}/services/T0/B0/s`,
  RDP_MEDIC_NOTIFY_WEBHOOK: `https://${HOSTS['the webhook']}/hooks/s`,
  RDP_MEDIC_NOTIFY_WEBHOOK_HOSTS: '*.contoso.example',
  RDP_MEDIC_NOTIFY_WEBHOOK_SECRET: `whsec_${Buffer.from('key of the receiver, for the chaos').toString('base64')}`,
  RDP_MEDIC_SECRET_GITHUB: SECRET,
  RDP_MEDIC_GITHUB_TOKEN: 'token for the chaos',
};

interface Trouble {
  name: string;
  effect: OutsideEffect;
  /** The system means it: it is not asked again, and who looks at the queue is told. */
  isFinal?: true;
}

const answer = (status: number): OutsideEffect => ({ kind: 'answer', status });
const TROUBLES: readonly Trouble[] = [
  { name: '429 with Retry-After', effect: { kind: 'answer', status: 429, retryAfter: 30 } },
  { name: '500', effect: answer(500) },
  { name: '503', effect: answer(503) },
  { name: '401', effect: answer(401), isFinal: true },
  { name: '403', effect: answer(403), isFinal: true },
  { name: '404', effect: answer(404), isFinal: true },
  { name: '409', effect: answer(409), isFinal: true },
  { name: 'reset before the effect', effect: { kind: 'reset' } },
  { name: 'reset after the effect', effect: { kind: 'lose-answer' } },
  { name: 'is never answered', effect: { kind: 'hang' } },
];

/** The words by which each system is told of the end. */
const END: Readonly<Record<System, string>> = {
  Teams: 'Repaired online: ',
  Slack: 'Repaired online: ',
  'the webhook': 'rdp-medic.remediation.succeeded',
  'the ticket system': 'has finished',
};

export interface Outside {
  what: string;
  asEver: boolean;
  faults: string[];
}

/** Real milliseconds until whoever was told nothing at first must have been told: the queue of the news comes back after 30 s. */
const TOLD_WITHIN_MS = 100_000;

/** Lets the word of the end meet each trouble at each system, in an online repair that a ticket began; or one meeting in so many. */
export async function troubleOutside(storage: string, oneIn: number): Promise<Outside[]> {
  process.env['WEBSITE_HOSTNAME'] = 'medic.example';
  const systems = await startOutsideSystems(Object.values(HOSTS));
  const guests = createMeddlingGuests({ nth: 0, seen: 0, meddle: undefined });
  const theatre = await openArena(storage, runsToCome(200), guests, {
    entry: appWithStandIns(systems.places),
    settings: SETTINGS,
  });
  const meetings = (Object.keys(HOSTS) as System[])
    .flatMap((system) => TROUBLES.map((trouble) => ({ system, trouble, scenario: runOf(STORIES.online) })))
    .filter((_, index) => index % oneIn === 0);
  const met = new Set<Scenario>();
  systems.meets = (host, body) => {
    const meeting = meetings.find(
      ({ system, scenario }) =>
        HOSTS[system] === host && body.includes(scenario.name) && body.includes(END[system]),
    );
    if (!meeting || met.has(meeting.scenario)) return undefined;
    met.add(meeting.scenario);
    return meeting.trouble.effect;
  };
  const scenarios = meetings.map(({ scenario }) => scenario);
  for (const scenario of scenarios) await addRun(theatre.stage.lab, scenario, Date.now());
  const played = await observe(theatre, scenarios, async (scenario) =>
    ended(theatre, await requestByTicket(theatre, scenario)),
  );
  const deadline = Date.now() + TOLD_WITHIN_MS;
  const outside: Outside[] = [];
  for (const [index, one] of played.entries()) {
    const meeting = meetings[index];
    if (!meeting) continue;
    const asEver = endOf(one).startsWith('repaired-online, running');
    const faults = await judge(theatre, one, asEver);
    faults.push(...(await untold(theatre, systems, meeting, deadline)));
    const { system, trouble } = meeting;
    outside.push({ what: `the word of the end to ${system} meets ${trouble.name}`, asEver, faults });
  }
  await theatre.close();
  await systems.close();
  return outside;
}

const startedSchema = z.object({ location: z.string() });

/** As GitHub sends it. Gives back an answer as of a request by API. */
async function requestByTicket({ stage }: MortalTheatre, scenario: Scenario): Promise<Response> {
  const payload = issueFor(vmIdOf(scenario), '/repos/contoso/fleet-ops/issues/42/comments', scenario.name);
  const raw = JSON.stringify(payload);
  const signature = createHmac('sha256', SECRET).update(raw).digest('hex');
  const answer = await stage.call('POST', '/api/tickets/github', raw, {
    'x-hub-signature-256': `sha256=${signature}`,
  });
  if (answer.status !== 202) return answer;
  const { location } = startedSchema.parse(await answer.json());
  return Response.json({ id: location.split('/').at(-1) }, { status: 202 });
}

/** What is wrong with how the end was told: everybody learns of it, or is listed as not told. */
async function untold(
  { stage }: MortalTheatre,
  systems: OutsideSystems,
  { system, trouble, scenario }: { system: System; trouble: Trouble; scenario: Scenario },
  deadline: number,
): Promise<string[]> {
  const told = (which: System): number =>
    systems.taken(HOSTS[which]).filter((body) => body.includes(scenario.name) && body.includes(END[which]))
      .length;
  const others = (Object.keys(HOSTS) as System[]).filter((which) => which !== system);
  const awaited = trouble.isFinal ? others : [...others, system];
  while (awaited.some((which) => told(which) === 0) && Date.now() < deadline) await pause(200);
  const most = trouble.effect.kind === 'lose-answer' ? 2 : 1;
  return [
    ...(trouble.isFinal && told(system) > 0 ? [`${system} refused, and was asked again`] : []),
    ...awaited.filter((which) => told(which) === 0).map((which) => `${which} was never told`),
    ...[...others.filter((which) => told(which) > 1), ...(told(system) > most ? [system] : [])].map(
      (which) => `${which} was told ${String(told(which))} times`,
    ),
    ...(trouble.isFinal && (await asideOf(stage)) === 0
      ? [`the refusal of ${system} is listed nowhere`]
      : []),
  ];
}

const asideSchema = z.object({ poison: z.array(z.unknown()) });

/** How many words are listed as not told. */
async function asideOf({ call }: Pick<MortalTheatre['stage'], 'call'>): Promise<number> {
  return asideSchema.parse(await (await call('GET', '/api/queue')).json()).poison.length;
}
