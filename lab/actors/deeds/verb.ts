import type { Scene } from '../scene.ts';

/** What somebody can do, and how it is written. */
export interface VerbEntry {
  /** `resize <size>`. */
  usage: string;
  /** How many words it takes, at least and at most. */
  words: readonly [number, number];
  /** At least one `name=value` is needed. */
  needsSettings?: true;
  /** @throws ArmError what Azure refuses; RangeError for what is not there */
  run(scene: Scene, words: readonly string[], settings: Readonly<Record<string, string>>): Promise<void>;
}
