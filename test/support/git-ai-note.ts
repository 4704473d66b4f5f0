/** As Git AI writes one: an agent's session, asked for by `author`, wrote the first lines of a file. */
export function gitAiNote(file: string, lines: number, author: string): string {
  const agent = { tool: 'claude', id: '518eacf9-30f9-4849-b452-42cf98d706e5', model: 'claude-opus-4-6' };
  const metadata = {
    schema_version: 'authorship/3.0.0',
    git_ai_version: '1.0.0',
    base_commit_sha: '0'.repeat(40),
    prompts: {},
    sessions: { s_1a2b3c4d5e6f70: { agent_id: agent, human_author: author } },
  };
  return `${file}\n  s_1a2b3c4d5e6f70::t_0f1e2d3c4b5a69 1-${lines}\n---\n${JSON.stringify(metadata)}`;
}
