import { PasswordInput } from '@mantine/core';

/** As the server demands it. */
const minimumLength = 12;
const maximumLength = 128;

/** A password that somebody chooses, twice: fields `<name>` and `again` of the form around it. `mistake` stands at the second. */
export function NewPassword({
  name,
  label,
  shown,
  mistake,
}: {
  readonly name: string;
  readonly label: string;
  /** What the button beside it shows or hides: `password`. */
  readonly shown: string;
  readonly mistake: string | undefined;
}) {
  return (
    <>
      <PasswordInput
        name={name}
        label={label}
        description={`At least ${minimumLength} characters`}
        autoComplete="new-password"
        minLength={minimumLength}
        maxLength={maximumLength}
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': `Show or hide the ${shown}` }}
      />
      <PasswordInput
        name="again"
        label={`${label} again`}
        autoComplete="new-password"
        required
        withAsterisk={false}
        error={mistake}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the repeated password' }}
      />
    </>
  );
}
