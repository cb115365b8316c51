type Counted = {
  readonly voterCount: number;
  readonly options: readonly {
    readonly index: number;
    readonly text: string;
    readonly voteCount: number | null | undefined;
  }[];
};

/** The share of each count in percent, whole. They are of all votes, and of none all are 0. */
export function shares(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, one) => sum + one, 0);
  return counts.map((one) => (all ? Math.round((one / all) * 100) : 0));
}

/** A poll as it is with one's own vote, before the server said so. Results that were hidden stay unknown until then. */
export function voted<P extends Counted>(poll: P, choices: readonly number[]) {
  return {
    ...poll,
    voterCount: poll.voterCount + 1,
    viewerChoices: choices,
    viewerCanVote: false,
    options: poll.options.map((option) => ({
      ...option,
      voteCount:
        typeof option.voteCount === 'number' ? option.voteCount + (choices.includes(option.index) ? 1 : 0) : null,
    })),
  };
}
