import * as z from 'zod';
import { ownHostSettings } from '../../local/own-host.ts';
import { paint } from '../../local/terminal/screen.ts';
import { modeSchema, remediationRequestSchema, type Mode } from '../../shared/model/request.ts';
import { explain } from '../../shared/repair/policy/explain.ts';
import { factsOfRequest } from '../../shared/repair/policy/facts.ts';
import { api } from '../api.ts';
import { openAzure, type OwnAzure } from '../azure.ts';
import { CommandError } from '../command-error.ts';
import { missing, ok, unknown, warning, type Check } from '../doctor/check.ts';
import { checkSettings, readOwnSettings, type OwnSettings } from '../doctor/own-settings.ts';
import { checkSignIn } from '../doctor/sign-in.ts';
import { checkVm } from '../doctor/vm-checks.ts';
import type { Ending } from '../exit-codes.ts';
import { ownFolder } from '../service/local.ts';
import { openService, wayOptionsSchema } from '../service/open-service.ts';
import type { Service } from '../service/service.ts';
import { explainLines } from './policy-explain.ts';
import { findVm } from '../vm.ts';

export const doctorOptionsSchema = wayOptionsSchema.extend({
  mode: modeSchema.default('full'),
  subscription: z.string().optional(),
  json: z.boolean().default(false),
});
type DoctorOptions = z.infer<typeof doctorOptionsSchema>;

/** `doctor [vm]`: looks at everything that a repair needs, and says how to mend what is missing. Changes nothing. */
export async function doctor(
  named: string | undefined,
  { json, ...options }: DoctorOptions,
): Promise<Ending> {
  const checks = await (options.local ? checkLocal(named, options) : checkService(named, options));
  process.stdout.write(json ? `${JSON.stringify({ checks })}\n` : `${checks.flatMap(linesOf).join('\n')}\n`);
  return checks.some(({ state }) => state === 'missing') ? 'notRepaired' : 'done';
}

type Asked = Omit<DoctorOptions, 'json'>;

/** With --local everything can be looked at without a host: rights are the user's own. */
async function checkLocal(named: string | undefined, options: Asked): Promise<Check[]> {
  const { policy, evidence, mode } = options;
  const own = {
    ...process.env,
    ...ownHostSettings({ folder: ownFolder(), policy, evidence }),
    // Each host of --local makes these for itself.
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    RDP_MEDIC_APPROVER_SECRET: 'generated for each host',
  };
  const settings = readOwnSettings(own);
  const evidenceGoes = own.RDP_MEDIC_EVIDENCE;
  return [
    ...checkSettings(settings, own.RDP_MEDIC_POLICY),
    evidenceGoes === 'none'
      ? ok(
          'evidence',
          `Kept in ${ownFolder()}; only the last 4 KB of output of each script, because VMs cannot write there (use --evidence to name a storage account that they can).`,
        )
      : ok('evidence', 'Script output is written to the given storage account.'),
    ...(await checkAzure(named, { azure: {} }, { ...options, settings, mode })),
  ];
}

/** An app is asked itself; on this machine's host, which works with the same sign-in, the rest is looked at as well. */
async function checkService(named: string | undefined, options: Asked): Promise<Check[]> {
  let service: Service;
  try {
    service = await openService(options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [missing('service', error.message, error.next)];
  }
  const checks = await checkEntry(service);
  if (checks.some(({ state }) => state === 'missing') || named === undefined) return checks;
  if (service.way === 'app') {
    checks.push(
      unknown(
        'rights',
        'The app checks its own permissions before it changes anything.',
        `rdp-medic repair --app ${service.name} --mode diagnose ${named}`,
      ),
    );
  } else {
    const settings = readOwnSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...service.azure });
    checks.push(...(await checkAzure(named, service, { ...options, settings })));
  }
  return [...checks, ...(await checkPolicyOf(service, named, options))];
}

async function checkEntry(service: Service): Promise<Check[]> {
  try {
    const { status, version, accepting, reason } = await api.health(service);
    if (status === 'closed')
      return [
        missing(
          'service',
          `${service.name} accepts no requests: one of its app settings is invalid.`,
          'The app log says which one; so does the response to any authorized request.',
        ),
      ];
    const checks = [ok('service', `${service.name} is up (version ${version}).`)];
    if (reason === 'no-policy')
      checks.push(
        warning(
          'policy',
          'The app has no policy: it only diagnoses VMs.',
          'Set RDP_MEDIC_POLICY in the app settings (examples: docs/policies).',
        ),
      );
    if (!accepting)
      checks.push(
        missing(
          'policy',
          'The kill switch is on: no remediation can start.',
          'Set RDP_MEDIC_KILL_SWITCH=off in the app settings.',
        ),
      );
    await api.list(service, { limit: 1 });
    return [...checks, ok('sign-in', 'The service accepts your credentials.')];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [missing('sign-in', error.message, error.next)];
  }
}

async function checkPolicyOf(
  service: Service,
  named: string,
  { mode, subscription }: Asked,
): Promise<Check[]> {
  try {
    const vm = await findVm(named, service, subscription);
    const answer = await api.explain(service, { vm, mode });
    const lines = explainLines(answer);
    return [
      answer.decision === 'refused'
        ? missing(
            'policy',
            lines[0] ?? '',
            ...answer.verdicts
              .filter(({ verdict }) => verdict === 'refuses')
              .map(({ rule, reason }) => `${rule}: ${reason}`),
          )
        : ok('policy', lines[0] ?? ''),
    ];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [missing('policy', error.message, error.next)];
  }
}

interface AzureQuestion extends Pick<Asked, 'mode' | 'subscription'> {
  settings: OwnSettings;
}

/** Sign-in, and everything about the VM, with the user's own rights. */
async function checkAzure(
  named: string | undefined,
  where: Pick<Service, 'azure'>,
  { settings: { config, authority }, mode, subscription }: AzureQuestion,
): Promise<Check[]> {
  const { azure, options }: OwnAzure = openAzure(where.azure);
  const { check, objectId, isSignedIn } = await checkSignIn(options.credential, options.audience);
  if (!isSignedIn || named === undefined) return [check];
  try {
    const vmId = await findVm(named, where, subscription);
    const request = remediationRequestSchema.parse({ vmId, mode, source: { kind: 'operator' } });
    const settings = {
      peerAccount: config.peerAccount !== undefined,
      takeDown: config.takeDown,
      rehearse: authority.policy.rehearse,
      rescueSubnetId: authority.policy.rescue.subnetId ?? null,
      rescueGroup: authority.policy.rescue.resourceGroup ?? null,
    };
    return [
      check,
      ...(await checkVm({ azure, config, settings, request, objectId })),
      ...checkScope(authority, vmId, mode),
    ];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [check, missing('VM', error.message, error.next)];
  }
}

/** What the policy says of a request on this VM, as far as it goes by nothing that went before. */
function checkScope({ policy }: OwnSettings['authority'], vmId: string, mode: Mode): Check[] {
  const { options } = policy.defaults;
  const facts = factsOfRequest({ vmId, mode, options, source: 'operator', now: Date.now() });
  return explain(policy, facts)
    .verdicts.filter(({ verdict }) => verdict === 'refuses')
    .map(({ rule, reason }) =>
      missing('policy', `${rule}: ${reason}`, 'Change the policy, or use a less invasive mode.'),
    );
}

const SIGNS = {
  ok: ['green', '✔'],
  warning: ['yellow', '!'],
  missing: ['red', '✘'],
  unknown: ['yellow', '?'],
} as const;

function linesOf({ name, state, says, mend }: Check): string[] {
  const [colour, sign] = SIGNS[state];
  return [
    `${paint(colour, sign)} ${paint('bold', name)}: ${says}`,
    ...mend.filter((line) => line !== '').map((line) => `    ${line}`),
  ];
}
