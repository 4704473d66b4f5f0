/** A check never has two values only: missing data is `indeterminate`, never `satisfied` (design rule 3). */
export type Outcome = 'satisfied' | 'violated' | 'indeterminate' | 'not_applicable';
