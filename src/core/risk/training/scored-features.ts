import type { Direction } from './fit-additive.ts';

/**
 * The features that the score may use, each with the direction that it must keep (risk-model section 7). `msg_len` is
 * left out: the training data measured it on squash texts, which exist only after the merge. So are path topics and the
 * share of AI, which belong into policy rules.
 */
export const scoredFeatures: ReadonlyMap<string, Direction> = new Map<string, Direction>([
  ['src_la', 1],
  ['src_ld', 0],
  ['la', 1],
  ['branch_add', 1],
  ['func_add', 1],
  ['hunks', 1],
  ['max_file', 1],
  ['src_nf', 1],
  ['mod_lines', 0],
  ['mod_recent30', 1],
  ['mod_age', -1],
  ['mod_other', 0],
  ['fix_365', 1],
  ['fix_max365', 1],
  ['churn90', 1],
  ['new_files', 0],
  ['own_mean', -1],
  ['files_new_to_author', 1],
  ['exp', -1],
  ['rexp', -1],
  ['sexp', -1],
  ['fix', 0],
  ['c_conc', 0],
  ['c_unsafe', 0],
]);

/** The fourteen metrics of Kamei and others (2013), kept as a baseline. */
export const kameiFeatures: ReadonlyMap<string, Direction> = new Map<string, Direction>([
  ['ns', 1],
  ['nd', 1],
  ['nf', 1],
  ['entropy', 1],
  ['la', 1],
  ['ld', 1],
  ['lt', 1],
  ['fix', 1],
  ['ndev', 1],
  ['age', -1],
  ['nuc', 1],
  ['exp', -1],
  ['rexp', -1],
  ['sexp', -1],
]);
