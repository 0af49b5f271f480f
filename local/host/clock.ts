import { createScaledClock } from '../../lab/clock/scaled.ts';
import { systemClock, type Clock } from '../../shared/clock.ts';

/**
 * The clock of a host that runs as a process of its own: real time, unless `RDP_MEDIC_CLOCK=<epochMs>,<startRealMs>,<rate>` shares the
 * faster one of a lab.
 * @throws Error for anything else
 */
export function clockFrom(spec: string | undefined): Clock {
  if (spec === undefined) return systemClock;
  const [epoch, startedAtRealMs, rate] = spec.split(',').map(Number);
  if (epoch === undefined || startedAtRealMs === undefined || rate === undefined)
    throw new Error('RDP_MEDIC_CLOCK is not <epochMs>,<startRealMs>,<rate>.');
  return createScaledClock({ epoch, startedAtRealMs, rate });
}
