/** The orchestrators of the app alone: what replays a history needs nothing else. */
import { registerOrchestrators } from '../../functions/orchestrators/register.ts';

registerOrchestrators();
