import { createRepository } from '../../support/story-repository.ts';

/** Set by any script that should never have run. */
export const markOfHarm = 'reentryWasHarmed';

const script = `<script>window.${markOfHarm}=1</script>`;
const handler = `"><img src=x onerror="window.${markOfHarm}=1">`;
const scheme = `javascript:window.${markOfHarm}=1`;
const controls = 'bell\u0007 escape\u001b[31m backspace\b\b\b return\r end';
const rightToLeft = '\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\ufeff';
const long = 'x'.repeat(10_000);
const template = `{{constructor.constructor('window.${markOfHarm}=1')()}} \${window.${markOfHarm}=1}`;

export const hostileTexts: readonly string[] = [
  script,
  handler,
  scheme,
  controls,
  rightToLeft,
  long,
  template,
];

/** One change per hostile text: in the title, the message, the author, a file's name, a trailer and a session. */
export function createHostileRepository(path: string): string {
  const { commit, git } = createRepository(path);
  commit('Begin', { 'README.md': '# hostile\n' });
  hostileTexts.forEach((text, at) => {
    const name = text.replaceAll('/', '\u2215').slice(0, 60);
    commit(
      [
        `${text} (#${at + 10})`,
        `${text}\n${text}`,
        `Co-Authored-By: Claude ${text} <noreply@anthropic.com>\nClaude-Session: https://claude.ai/code/session_${at}${script}\nAssisted-by: Claude:${text}`,
      ].join('\n\n'),
      { [`src/${name}.ts`]: `export const file${at} = '${at}';\n`.repeat(30) },
    );
    git('commit', '--quiet', '--amend', '--no-edit', `--author=${author(text)} <a${at}@example.org>`);
  });
  return path;
}

/** git takes no line break and no angle bracket in a name. */
function author(text: string): string {
  return `Mallory ${text}`.replace(/[<>\n\r]/g, '').slice(0, 5_000);
}
