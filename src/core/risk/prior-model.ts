import prior from './models/prior-1.json' with { type: 'json' };
import { parseScorecard, type Scorecard } from './scorecard.ts';

/** The model that ships: trained on public histories, for organisations without labels of their own. */
export const priorModel: Scorecard = parseScorecard(prior);
