import { z } from 'zod';
import type { ObservedAlert } from '../../core/host/observation.ts';
import { Count, Name, OptionalText, OptionalTime, Sha } from './payload.ts';
import { observed, repositoryReader } from './reading.ts';

const Alert = z.object({
  number: Count,
  state: OptionalText,
  created_at: OptionalTime,
  updated_at: OptionalTime,
});

/** All zeros, or empty, where an alert is closed by hand. */
const Commit = z
  .string()
  .nullish()
  .transform((sha) => (sha && Sha.safeParse(sha).success && !/^0+$/.test(sha) ? sha : null));

/** `code_scanning_alert`: what a scanner found, and what became of it. */
export const readCodeScanningAlert = repositoryReader(
  z.object({
    alert: Alert.extend({
      rule: z.object({ id: Name, severity: OptionalText, security_severity_level: OptionalText }),
      tool: z.object({ name: OptionalText }).nullish(),
      most_recent_instance: z.object({ state: OptionalText, commit_sha: Commit }).nullish(),
    }),
    commit_oid: Commit,
  }),
  ({ alert, commit_oid: commit }, about) =>
    [
      {
        schema: 'reentry.alert/1',
        ...observed(about, [alert.updated_at, alert.created_at]),
        action: about.action,
        kind: 'code-scanning',
        number: alert.number,
        state: alert.state ?? alert.most_recent_instance?.state ?? 'unknown',
        severity: alert.rule.security_severity_level ?? alert.rule.severity,
        rule: alert.rule.id,
        tool: alert.tool?.name ?? null,
        commitSha: commit ?? alert.most_recent_instance?.commit_sha ?? null,
      },
    ] satisfies readonly ObservedAlert[],
);

/** `secret_scanning_alert`: the kind of secret, never the secret, which is not even read. */
export const readSecretScanningAlert = repositoryReader(
  z.object({
    alert: Alert.extend({
      secret_type: Name,
      resolution: OptionalText,
      resolved_at: OptionalTime,
    }),
  }),
  ({ alert }, about) =>
    [
      {
        schema: 'reentry.alert/1',
        ...observed(about, [alert.updated_at, alert.resolved_at, alert.created_at]),
        action: about.action,
        kind: 'secret-scanning',
        number: alert.number,
        state: alert.state ?? (alert.resolution === null ? 'open' : 'resolved'),
        severity: null,
        rule: alert.secret_type,
        tool: null,
        commitSha: null,
      },
    ] satisfies readonly ObservedAlert[],
);

/** `dependabot_alert`: a dependency with a published vulnerability. */
export const readDependabotAlert = repositoryReader(
  z.object({
    alert: Alert.extend({
      security_advisory: z.object({ ghsa_id: Name, severity: OptionalText }),
      security_vulnerability: z.object({ severity: OptionalText }).nullish(),
    }),
  }),
  ({ alert }, about) =>
    [
      {
        schema: 'reentry.alert/1',
        ...observed(about, [alert.updated_at, alert.created_at]),
        action: about.action,
        kind: 'dependency',
        number: alert.number,
        state: alert.state ?? 'unknown',
        severity: alert.security_vulnerability?.severity ?? alert.security_advisory.severity,
        rule: alert.security_advisory.ghsa_id,
        tool: 'dependabot',
        commitSha: null,
      },
    ] satisfies readonly ObservedAlert[],
);
