import { answering } from './answer.ts';
import type { Twin } from './twin.ts';

export const collectTwin: Twin = (_machine, { parameters }) =>
  answering('collect', parameters['Nonce'] ?? '', () => Promise.reject(new Error('not yet')));
