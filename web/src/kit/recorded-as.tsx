import { useProfile } from '../api/queries.ts';
import { HostileText } from './hostile-text.tsx';
import classes from './kit.module.css';

/** Says before an action what will be sealed in the log, and under whose name. */
export function RecordedAs({ what }: { readonly what: string }) {
  const { data: profile } = useProfile();
  return (
    <p className={classes.recorded}>
      {what} will be recorded in the events log
      {profile && (
        <>
          {' '}
          as <HostileText text={profile.name} limit={60} expandable={false} /> (
          <HostileText text={profile.email} limit={80} expandable={false} />, {profile.role})
        </>
      )}
      .
    </p>
  );
}
