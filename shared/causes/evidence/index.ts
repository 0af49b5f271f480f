import type { Evidence } from '../cause.ts';
import { helpful } from './helpful.ts';
import { running } from './running.ts';
import { settings } from './settings.ts';
import { unread } from './unread.ts';

/** What a diagnosis gathers beside the causes. */
export const EVIDENCE: readonly Evidence[] = [unread, settings, running, helpful];
