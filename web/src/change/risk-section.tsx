import type { ReactNode } from 'react';
import type { RiskAssessment, RiskFactor } from '../../../src/core/risk/risk-assessment.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { BandBadge } from '../kit/signs.tsx';
import styles from './change.module.css';
import { signed, type WaterfallStep, waterfall } from './risk-waterfall.ts';

/** The score, taken apart: the model's base and every factor add up to the log-odds, exactly. */
export function RiskSection({ risk }: { readonly risk: RiskAssessment }) {
  const counted = risk.factors.filter(({ contribution }) => contribution !== 0);
  const idle = risk.factors.filter(({ contribution }) => contribution === 0);
  const { steps, base, end, sum } = waterfall(risk.base, counted);
  const origin = <span className={styles.origin} style={{ left: `${base * 100}%` }} />;
  return (
    <Section
      title="Risk"
      id="risk"
      meta={`thousandths of a logit, model ${risk.modelVersion}${risk.calibrated ? '' : '; a rank, not a probability'}`}
    >
      <Panel flush>
        <ol className={styles.waterfall}>
          <li className={`${styles.factor} ${styles.total}`}>
            <span>Where every change begins</span>
            <span className={styles.amount}>{signed(risk.base)}</span>
            <div className={styles.plot} aria-hidden>
              {origin}
            </div>
          </li>
          {steps.map((step) => (
            <Factor key={step.factor.signal} step={step} origin={origin} />
          ))}
          <li className={`${styles.factor} ${styles.total}`}>
            <span>
              {sum === risk.logOdds
                ? 'Log-odds: the sum of all above, exactly'
                : `The factors add up to ${signed(sum)}, the record says ${signed(risk.logOdds)}`}{' '}
              <BandBadge band={risk.band} score={risk.score} />
            </span>
            <span className={styles.amount}>{signed(risk.logOdds)}</span>
            <div className={styles.plot} aria-hidden>
              {origin}
              <span className={styles.block} style={{ left: `${end * 100}%` }} />
            </div>
          </li>
        </ol>
      </Panel>
      {!risk.calibrated && (
        <p className={styles.note}>
          The score is the share of a reference population with lower log-odds: it ranks changes and does not
          know how likely a defect is.
        </p>
      )}
      {idle.length > 0 && (
        <details className={styles.more}>
          <summary>{plural(idle.length, 'factor')} that neither raise nor lower it</summary>
          <ul>
            {idle.map(({ signal, because }) => (
              <li key={signal}>
                <HostileText text={because} /> <small className="mono dimmed">{signal}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

function Factor({ step, origin }: { readonly step: WaterfallStep<RiskFactor>; readonly origin: ReactNode }) {
  const { factor, from, to } = step;
  const sign = factor.contribution > 0 ? 'up' : 'down';
  return (
    <li className={styles.factor}>
      <span>
        <HostileText text={factor.because} />{' '}
        <small className="mono">
          {factor.signal} = {Number(factor.value.toFixed(3))}
        </small>
      </span>
      <span className={styles.amount} data-sign={sign}>
        <span aria-hidden>{sign === 'up' ? '▲ ' : '▼ '}</span>
        {signed(factor.contribution)}
        <span className="visually-hidden">{sign === 'up' ? ' raises the risk' : ' lowers the risk'}</span>
      </span>
      <div className={styles.plot} aria-hidden>
        {origin}
        <span
          className={styles.block}
          data-sign={sign}
          style={{ left: `${Math.min(from, to) * 100}%`, width: `${Math.abs(to - from) * 100}%` }}
        />
      </div>
    </li>
  );
}
