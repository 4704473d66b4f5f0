import { namedAddresses } from './agent-identity-line.ts';
import { identityOfEmail } from './agent-registry.ts';

const maxLineLength = 1_000;

/**
 * Everybody whom the message's `Co-authored-by` lines name and who is no registered agent, as `Name <address>`: people,
 * and bots that are no agents.
 */
export function otherCoAuthors(message: string): readonly string[] {
  return message
    .split('\n')
    .filter((line) => /^\s*co-authored-by:/i.test(line))
    .flatMap((line) => namedAddresses(line.slice(line.indexOf(':') + 1, maxLineLength)))
    .filter(({ email }) => identityOfEmail(email) === undefined)
    .map(({ name, email }) => `${name} <${email}>`);
}
