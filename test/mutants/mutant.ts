/** A change for the worse that somebody could make by mistake, and the test that must notice. */
export interface Mutant {
  /** What happens then, in words. */
  readonly what: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** The text that is changed: it stands in the file once. */
  readonly from: string;
  readonly to: string;
  readonly killedBy: {
    readonly file: string;
    /** Part of the test's full name (those of the blocks around it come first): only tests that have it are run. */
    readonly test: string;
  };
}
