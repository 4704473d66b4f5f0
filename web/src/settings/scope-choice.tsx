import { Button, Checkbox } from '@mantine/core';
import type { Scope } from '../../../src/core/access/permissions.ts';
import classes from './settings.module.css';

const actions = ['read', 'export', 'create', 'update'] as const;

/** What a key may do: things down, actions across. */
export function ScopeChoice({
  offered,
  chosen,
  onChange,
}: {
  readonly offered: readonly Scope[];
  readonly chosen: readonly Scope[];
  readonly onChange: (chosen: readonly Scope[]) => void;
}) {
  const resources = [...new Set(offered.map((scope) => scope.slice(scope.indexOf(':') + 1)))];
  const across = actions.filter((action) => offered.some((scope) => scope.startsWith(`${action}:`)));
  const reading = offered.filter((scope) => scope.startsWith('read:') || scope.startsWith('export:'));
  function toggle(scope: Scope) {
    onChange(chosen.includes(scope) ? chosen.filter((one) => one !== scope) : [...chosen, scope]);
  }
  return (
    <fieldset className={classes.scopes}>
      <legend>What it may do</legend>
      <div className={classes.inline}>
        <Button size="compact-xs" variant="default" onClick={() => onChange(reading)}>
          Read everything
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange([])}
          disabled={chosen.length === 0}
        >
          Nothing
        </Button>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">On</th>
            {across.map((action) => (
              <th key={action} scope="col">
                {action}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {resources.map((resource) => (
            <tr key={resource}>
              <th scope="row">{resource}</th>
              {across.map((action) => {
                const scope = offered.find((one) => one === `${action}:${resource}`);
                return (
                  <td key={action}>
                    {scope && (
                      <Checkbox
                        size="xs"
                        aria-label={`${action} ${resource}`}
                        checked={chosen.includes(scope)}
                        onChange={() => toggle(scope)}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}
