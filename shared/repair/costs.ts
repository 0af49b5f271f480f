import * as z from 'zod';
import type { Inspection } from '../model/inspection.ts';
import type { RemediationRecord, StepId } from '../model/record.ts';
import type { Options } from '../model/request.ts';
import type { Settings } from '../model/settings.ts';
import table from './prices.json' with { type: 'json' };
import { USUAL_SIZES } from './rescue-size.ts';
import { TIMING } from './timing.ts';

/** Prices by family of VM sizes and type of disk, with their date and where they are published. */
const PRICES = z
  .object({
    currency: z.literal('USD'),
    region: z.string(),
    asOf: z.string().regex(/^\d{4}-\d{2}$/),
    terms: z.string(),
    /** Where the prices came from: entered by a person, or read by `npm run prices`. */
    source: z.string(),
    sources: z.array(z.url()).min(1),
    windowsVcpuHour: z.record(z.string(), z.number().positive()),
    diskMonth: z.record(z.string(), z.record(z.string().regex(/^\d+$/), z.number().positive())),
    zoneRedundantDisk: z.number(),
    snapshotGibMonth: z.number(),
  })
  .parse(table);

/** Hours of a month, as Azure's own calculator counts. */
const MONTH_HOURS = 730;
const DAY_HOURS = 24;
/** Of the rescue VM's own OS disk: the smallest that holds an image of Windows Server, as Standard SSD (shared/azure/rescue-vm.ts). */
const RESCUE_DISK = { sku: 'StandardSSD_LRS', sizeGb: 128 };
/** How long a rescue VM stands, before anybody has measured it: rehearsal and repair, as they usually take. */
const USUAL_MINUTES = 30;

type Disk = Pick<NonNullable<Inspection['osDisk']>, 'sku' | 'sizeGb'>;
type Vm = Pick<Inspection, 'osDisk'>;

/** What is made, and for how long. */
interface Made {
  /** Minutes that the rescue VM stands; `undefined`: there is none. */
  readonly rescueMinutes: number | undefined;
  readonly copies: number;
  readonly keepsSnapshot: boolean;
  readonly keepsDisk: boolean;
  readonly keepDays: number;
}

/** What a repair would cost if it went all the way, in sentences; nothing for one that makes nothing. */
export function plannedCosts(
  vm: Vm,
  { mode, options: { keepDays } }: { mode: string; options: Pick<Options, 'keepDays'> },
  settings: Pick<Settings, 'rescueVmSize'>,
  offline: boolean,
): string[] {
  if (mode === 'diagnose') return [];
  const isDryRun = mode === 'rehearse';
  const made = {
    rescueMinutes: offline ? USUAL_MINUTES : undefined,
    copies: isDryRun ? 1 : 2,
    keepsSnapshot: !isDryRun,
    keepsDisk: offline && !isDryRun,
    keepDays,
  };
  return tell(
    vm,
    made,
    settings.rescueVmSize,
    offline && !isDryRun ? 'If the disk is repaired offline: ' : '',
  );
}

/** What it did cost, and what goes on costing, by the times of the record. */
export function actualCosts(
  vm: Vm,
  record: RemediationRecord,
  settings: Pick<Settings, 'rescueVmSize'>,
): string[] {
  const { request, snapshot, originalDisk } = record;
  if (request.mode === 'diagnose' || !record.steps.some(({ id }) => id === 'snapshot')) return [];
  const made = {
    rescueMinutes: rescueMinutes(record),
    copies: record.steps.filter(({ id }) => id === 'rehearsal' || id === 'offline-repair').length,
    keepsSnapshot: snapshot !== undefined,
    keepsDisk: originalDisk !== undefined,
    keepDays: request.options.keepDays,
  };
  return tell(vm, made, record.rescueVmSize ?? settings.rescueVmSize, '');
}

/** The steps during which a rescue VM stands, from the first of them on. */
const WITH_RESCUE_VM: readonly StepId[] = [
  'rehearsal',
  'approval',
  'offline-repair',
  'restore',
  'verify',
  'clean-up',
];

/** It is built with the rehearsal, and deleted with all else; a person is waited for without it after a while. */
function rescueMinutes({ steps }: RemediationRecord): number | undefined {
  if (!steps.some(({ id }) => id === 'rehearsal')) return undefined;
  const seconds = steps
    .filter(({ id }) => WITH_RESCUE_VM.includes(id))
    .map(({ id, startedAt, endedAt }) => {
      const took = endedAt === undefined ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
      return id === 'approval' ? Math.min(took, TIMING.approvalKeepsRescueVm) : took;
    });
  return Math.ceil(seconds.reduce((sum, one) => sum + one, 0) / 60);
}

function tell(vm: Vm, made: Made, size: string | undefined, ifOffline: string): string[] {
  const lines = [
    ...(made.rescueMinutes === undefined
      ? []
      : [`${ifOffline}${rescueLine(vm, made, made.rescueMinutes, size ?? USUAL_SIZES[0] ?? '')}`]),
    ...(made.keepsSnapshot && vm.osDisk ? [snapshotLine(vm.osDisk, made.keepDays)] : []),
    ...(made.keepsDisk && vm.osDisk ? [`${ifOffline}${diskLine(vm.osDisk, made.keepDays)}`] : []),
  ];
  const { currency, region, asOf, terms, source } = PRICES;
  return lines.length === 0
    ? []
    : [
        ...lines,
        `All costs are estimates in ${currency} from a built-in table of ${terms} for ${region}, ${source} in ${asOf}. Prices differ by region and change over time.`,
      ];
}

function rescueLine({ osDisk }: Vm, { copies }: Made, minutes: number, size: string): string {
  const hours = minutes / 60;
  const hour = vmHour(size);
  const vm =
    hour === undefined
      ? `no price known for size ${size}`
      : `${money(hour * hours)} (${money(hour)} an hour)`;
  const disks = [RESCUE_DISK, ...(osDisk ? Array<Disk>(copies).fill(osDisk) : [])];
  const prices = disks.map(diskMonth);
  const known = prices.every((price) => price !== undefined);
  const sum = prices.reduce<number>((all, price) => all + (price ?? 0), 0);
  return `Rescue VM for about ${String(minutes)} minutes: ${vm}; its disk and the disk copies: ${known ? money((sum / MONTH_HOURS) * hours) : 'no price known'}.`;
}

function snapshotLine({ sizeGb }: Disk, days: number): string {
  const day = (sizeGb * PRICES.snapshotGibMonth * DAY_HOURS) / MONTH_HOURS;
  return `Snapshot: at most ${money(day)} a day, at most ${money(day * days)} for ${String(days)} days; you pay only for the used part of the disk.`;
}

function diskLine(disk: Disk, days: number): string {
  const month = diskMonth(disk);
  if (month === undefined) return `Kept OS disk: no price known for ${disk.sku}, ${String(disk.sizeGb)} GiB.`;
  const day = (month * DAY_HOURS) / MONTH_HOURS;
  return `Kept OS disk (${disk.sku}, ${String(disk.sizeGb)} GiB): ${money(day)} a day, ${money(day * days)} for ${String(days)} days.`;
}

/** Of a size such as `Standard_D2s_v5`: family `Dsv5`, two virtual processors. */
function vmHour(size: string): number | undefined {
  const [, letters = '', cores = '', suffix = '', version = ''] =
    /^Standard_([A-Z]+)(\d+)([a-z]*)(?:_(v\d+))?$/.exec(size) ?? [];
  const price = PRICES.windowsVcpuHour[`${letters}${suffix}${version}`];
  return price === undefined ? undefined : price * Number(cores);
}

/** A disk is billed as the next larger one that is offered. */
function diskMonth({ sku, sizeGb }: Disk): number | undefined {
  const [type = '', redundancy] = sku.split('_');
  const [, price] =
    Object.entries(PRICES.diskMonth[type] ?? {})
      .toSorted(([one], [other]) => Number(one) - Number(other))
      .find(([gib]) => Number(gib) >= sizeGb) ?? [];
  if (price === undefined) return undefined;
  return redundancy === 'ZRS' ? price * PRICES.zoneRedundantDisk : price;
}

function money(dollars: number): string {
  return dollars < 0.005 ? 'under $0.01' : `about $${dollars.toFixed(2)}`;
}
