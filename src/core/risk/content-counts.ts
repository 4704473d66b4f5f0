import { createHintIndex, type HintIndex } from './hint-index.ts';

/** One pattern of `features@1`. Nothing matches it without one of its hints, so most lines never meet the pattern. */
interface ContentRule {
  readonly pattern: RegExp;
  readonly hints: readonly string[];
}

// What added source lines do, by their words. Tests, docs and generated files are never asked. Longer lines are data or
// minified code and are skipped, which also bounds what any pattern can cost.
const maxLineCharacters = 398;

const rules = {
  branch_add: {
    pattern: /\b(?:if|else|for|while|switch|case|catch|except|match|when|elif|select)\b|&&|\|\||\?\?|\? /g,
    hints: ['if', 'els', 'for', 'whi', 'tch', 'cas', 'cep', 'hen', 'sel', '&&', '||', '??', '? '],
  },
  func_add: {
    pattern: /\b(?:function|func|def|fn|public|private|protected|class|interface)\b|=>/,
    hints: ['fun', 'def', 'fn', 'ubl', 'iva', 'rot', 'ass', 'rfa', '=>'],
  },
  c_exec: {
    pattern:
      /\b(?:eval|exec|execSync|spawn|system|popen|child_process|subprocess|os\/exec|ProcessBuilder|Runtime\.getRuntime|new Function)\b/,
    hints: ['eva', 'exe', 'paw', 'yst', 'pop', 'd_p', 'bpr', 'sbu', 'e.g', 'w f'],
  },
  c_sql: {
    pattern:
      /\b(?:SELECT|INSERT|UPDATE|DELETE|ALTER|DROP)\b.+\b(?:FROM|INTO|SET|TABLE|WHERE)\b|\.query\(|\.raw\(|execute\(/,
    hints: ['lec', 'nse', 'pda', 'ele', 'lte', 'dro', 'ry(', 'aw(', 'cut'],
  },
  c_deser: {
    pattern:
      /pickle\.|yaml\.load\(|ObjectInputStream|unserialize\(|BinaryFormatter|JSON\.parse|json\.Unmarshal|gob\./,
    hints: ['kle', 'l.l', 'uts', 'uns', 'yfo', 'n.p', 'n.u', 'ob.'],
  },
  c_unsafe: {
    pattern:
      /\bunsafe\b|InsecureSkipVerify|rejectUnauthorized|verify=False|dangerouslySetInnerHTML|innerHTML|nosec|NOLINT|eslint-disable|ts-ignore|ts-expect-error|noqa|type: ignore|\bas any\b|allow\(unsafe/,
    hints: ['nsa', 'esk', 'tun', 'y=f', 'rht', 'nos', 'oli', '-di', 's-i', 's-e', 'oqa', ': i', 's a'],
  },
  c_secret: {
    pattern: /(?:api[_-]?key|secret|passw(?:or)?d|token|private[_-]?key)\s*[:=]\s*["'][^"']{8,}/i,
    hints: ['key', 'ecr', 'ssw', 'oke'],
  },
  c_crypto: {
    pattern: /\b(?:md5|sha1|AES|RSA|HMAC|crypto\.|createHash|createCipher|bcrypt|scrypt|x509|tls\.)/i,
    hints: ['md5', 'ha1', 'aes', 'rsa', 'mac', 'ypt', 'eha', 'cip', '509', 'ls.'],
  },
  c_net: {
    pattern:
      /\b(?:fetch|axios|http\.(?:Get|Post|Client|NewRequest)|requests\.|HttpClient|net\.(?:Dial|Listen)|WebSocket)\b/,
    hints: ['fet', 'xio', 'tp.', 'ts.', 'pcl', 'et.', 'bso'],
  },
  c_conc: {
    pattern:
      /\b(?:go func|sync\.|Mutex|chan |<-|async |await |Promise\.|setTimeout|Thread|synchronized|Lock\(|atomic\.|Task\.Run|ConfigureAwait|goroutine|tokio|spawn)/,
    hints: [
      'o f',
      'nc.',
      'mut',
      'han',
      '<-',
      'asy',
      'wai',
      'omi',
      'meo',
      'hre',
      'chr',
      'ck(',
      'ic.',
      'k.r',
      'gor',
      'oki',
      'paw',
    ],
  },
  c_err: {
    pattern: /\b(?:catch|except|recover\(|panic\(|throw|raise|unwrap\(|expect\(|err != nil)\b/,
    hints: ['tch', 'cep', 'cov', 'ic(', 'hro', 'ais', 'wra', 'ct(', 'nil'],
  },
} as const satisfies Record<string, ContentRule>;

export type ContentCount = keyof typeof rules;

/** Every count with its pattern. */
export const contentRules: ReadonlyMap<ContentCount, RegExp> = new Map(
  Object.entries(rules).map(([name, { pattern }]) => [name as ContentCount, pattern]),
);

const topics = (Object.keys(rules) as ContentCount[]).filter((name) => name !== 'branch_add');
const branches = rules.branch_add.pattern;
const branchHint = 1;
const hints: HintIndex = createHintIndex([
  rules.branch_add.hints,
  ...topics.map((topic): readonly string[] => rules[topic].hints),
]);

/** Blank, comment, import and bracket-only lines: whoever wrote them did not write behaviour. Linear in the line. */
const cosmetic =
  /^\s*(?:$|\/\/|#(?!include|define|if|endif)|\/?\*|\*\/|--\s|"""|'''|<!--|[{}()[\];,]+\s*$|import\b|from\s+\S+\s+import|package\b|using\s+[\w.]+;|\}\s*from\s)/;

export function isCosmetic(line: string): boolean {
  return cosmetic.test(line);
}

/** All counts at zero. */
export function noContent(): Record<ContentCount, number> {
  return {
    branch_add: 0,
    func_add: 0,
    c_exec: 0,
    c_sql: 0,
    c_deser: 0,
    c_unsafe: 0,
    c_secret: 0,
    c_crypto: 0,
    c_net: 0,
    c_conc: 0,
    c_err: 0,
  };
}

/** Adds one added source line: branch tokens (each), and lines that open a function or match a topic (once). */
export function countLine(counts: Record<ContentCount, number>, line: string): void {
  if (line.length > maxLineCharacters) return;
  const hinted = hints.find(line);
  if (hinted === 0) return;
  if ((hinted & branchHint) !== 0) {
    branches.lastIndex = 0;
    while (branches.test(line)) counts.branch_add += 1;
  }
  for (let at = 0; at < topics.length; at += 1) {
    const topic = topics[at];
    if (topic === undefined || (hinted & (2 << at)) === 0) continue;
    if (rules[topic].pattern.test(line)) counts[topic] += 1;
  }
}
