import { gitAiNote } from '../support/git-ai-note.ts';
import type { CodeHost } from './code-host.ts';
import {
  appEvents,
  appPermissions,
  approve,
  hourMs,
  land,
  minuteMs,
  propose,
  report,
  source,
} from './lived-in-parts.ts';
import type { Account, App, Installation, PullRequest, Repository, Ruleset } from './model.ts';

export interface LivedIn {
  readonly organization: Account;
  readonly owner: Account;
  readonly repositories: readonly Repository[];
  readonly app: App;
  readonly installation: Installation;
  /** The check that the owner went past. */
  readonly bypassed: PullRequest;
  readonly ruleset: Ruleset;
}

interface People {
  readonly mara: Account;
  readonly jonas: Account;
  readonly priya: Account;
  readonly copilot: Account;
  readonly dependabot: Account;
}

interface Story {
  readonly host: CodeHost;
  readonly people: People;
  readonly ci: App;
}

/**
 * Some weeks in an organization: three repositories, a dozen pull requests of people and agents, reviews, red and green checks,
 * and one merge by an administrator past a red one. The same every time, but for keys, tokens and secrets.
 */
export async function settleIn(host: CodeHost, webhookUrl?: string): Promise<LivedIn> {
  host.kernel.setClock('2026-02-02T08:00:00Z');
  const people = meet(host);
  const { mara, jonas, priya } = people;
  const organization = host.createAccount({ login: 'acme', kind: 'Organization', name: 'Acme' });
  for (const [member, role] of [
    [mara, 'admin'],
    [jonas, 'member'],
    [priya, 'member'],
  ] as const)
    host.addMember({ organization, member, role, by: mara });
  const payments = host.createTeam(organization, 'Payments', mara);
  host.addToTeam(payments, priya, mara);
  const ci = host.createApp({
    name: 'Acme CI',
    owner: organization,
    permissions: { checks: 'write', contents: 'read' },
  });
  host.installApp({ app: ci, account: organization, by: mara });
  const app = host.createApp({
    name: 'Reentry',
    owner: organization,
    permissions: appPermissions,
    events: appEvents,
    ...(webhookUrl === undefined ? {} : { webhook: { url: webhookUrl } }),
  });
  const repositories: Repository[] = [];
  for (const name of ['shop', 'billing', 'website']) {
    const repository = await host.createRepository({
      owner: organization,
      name,
      by: mara,
      private: name !== 'website',
    });
    for (const account of [jonas, priya, people.copilot, people.dependabot])
      host.grant({ repository, account, permission: 'write', by: mara });
    await host.commit({
      repository,
      branch: 'main',
      files: { 'README.md': `# ${name}\n`, '.reentry/policy.yml': policyFile },
      message: `Begin ${name}`,
      by: mara,
    });
    repositories.push(repository);
  }
  const [shop, billing, website] = repositories as [Repository, Repository, Repository];
  host.grantTeam({ repository: billing, team: payments, permission: 'maintain', by: mara });
  const ruleset = protectAll(host, organization, mara);
  host.protectBranch({
    repository: billing,
    branch: 'main',
    by: mara,
    requiredChecks: [{ context: 'audit', appId: null }],
  });
  const installation = host.installApp({ app, account: organization, by: mara });
  const story = { host, people, ci };
  await liveInShop(story, shop);
  const bypassed = await liveInBilling(story, billing);
  await liveInWebsite(story, website);
  await host.webhooks.settled();
  host.kernel.setClock(null);
  return { organization, owner: mara, repositories, app, installation, bypassed, ruleset };
}

function meet(host: CodeHost): People {
  const person = (login: string, name: string) =>
    host.createAccount({ login, name, email: `${login}@acme.example` });
  const bot = (login: string, email: string) =>
    host.createAccount({ login, name: login, kind: 'Bot', email });
  return {
    mara: person('mara', 'Mara Voss'),
    jonas: person('jonas', 'Jonas Weber'),
    priya: person('priya', 'Priya Nair'),
    copilot: bot('copilot-swe-agent[bot]', '198982749+Copilot@users.noreply.github.com'),
    dependabot: bot('dependabot[bot]', '49699333+dependabot[bot]@users.noreply.github.com'),
  };
}

/** One ruleset for the whole organization: a review, a green "unit", no rewriting of main; its owners may pass. */
function protectAll(host: CodeHost, organization: Account, by: Account): Ruleset {
  return host.createRuleset(
    organization,
    {
      name: 'main is reviewed and tested',
      bypassActors: [{ actor_id: null, actor_type: 'OrganizationAdmin', bypass_mode: 'pull_request' }],
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'pull_request',
          parameters: {
            required_approving_review_count: 1,
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: false,
            require_last_push_approval: false,
            required_review_thread_resolution: false,
          },
        },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: 'unit' }],
          },
        },
      ],
    },
    by,
  );
}

/** What has to be there before a merge, as the organisation agreed on it. */
const policyFile = `version: 1
rules:
  - id: any-change
    require: { humanApprovals: 1, gates: [unit] }
  - id: agent-made
    when: { class: [ai, mixed] }
    require: { attributionLevel: 1 }
  - id: agent-made-and-risky
    when: { class: [ai, mixed, unknown], band: [high, critical] }
    require: { humanApprovals: 2 }
gates:
  unit: { check: unit, app: acme-ci }
emergency: { label: hotfix, approvers: [payments], reviewWithinHours: 48 }
`;

const claude = 'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>';
const cursor = 'Co-authored-by: Cursor <cursoragent@cursor.com>';

async function liveInShop({ host, people, ci }: Story, shop: Repository): Promise<void> {
  const { mara, jonas, priya, copilot } = people;
  const cart = await propose(host, {
    repository: shop,
    head: 'cart',
    title: 'Add the cart',
    by: jonas,
    files: { 'src/cart.ts': source('cart', 60) },
    trailers: claude,
    body: 'Closes SHOP-12.',
  });
  await report(host, ci, shop, cart, { unit: 'success', lint: 'success' });
  await approve(host, shop, cart, priya);
  await land(host, shop, cart, jonas, 'squash');
  const checkout = await propose(host, {
    repository: shop,
    head: 'copilot/checkout',
    title: 'Check the cart out',
    by: copilot,
    files: { 'src/checkout.ts': source('checkout', 140), 'src/checkout.test.ts': source('checkoutTest', 20) },
    trailers: 'Co-authored-by: Jonas Weber <jonas@acme.example>',
  });
  await report(host, ci, shop, checkout, { unit: 'failure', lint: 'success' });
  const review = host.review({
    repository: shop,
    pull: checkout,
    by: mara,
    state: 'CHANGES_REQUESTED',
    body: 'Rounding is wrong for currencies without cents.',
    comments: [{ path: 'src/checkout.ts', line: 12, body: 'JPY has none.' }],
  });
  host.kernel.advance(3 * hourMs);
  await host.commit({
    repository: shop,
    branch: 'copilot/checkout',
    files: { 'src/rounding.ts': source('rounding', 8) },
    message: 'Round by currency',
    by: copilot,
  });
  host.dismissReview({ repository: shop, pull: checkout, by: mara, review });
  await report(host, ci, shop, checkout, { unit: 'success', lint: 'success' });
  await approve(host, shop, checkout, mara);
  await land(host, shop, checkout, mara, 'merge');
  const noted = await propose(host, {
    repository: shop,
    head: 'search',
    title: 'Search by name',
    by: priya,
    files: { 'src/search.ts': source('search', 40) },
  });
  await host.noteCommit({
    repository: shop,
    commit: noted.headSha,
    text: gitAiNote('src/search.ts', 30, 'Priya Nair <priya@acme.example>'),
    by: priya,
    ref: 'refs/notes/ai',
  });
  await report(host, ci, shop, noted, { unit: 'success' });
  await approve(host, shop, noted, jonas);
  await land(host, shop, noted, priya, 'rebase');
  const deployment = host.createDeployment({
    repository: shop,
    sha: noted.mergeCommitSha ?? '',
    ref: 'main',
    by: jonas,
  });
  host.reportDeployment({ repository: shop, deployment, state: 'success', by: jonas });
  const open = await propose(host, {
    repository: shop,
    head: 'wishlist',
    title: 'Keep a wishlist',
    by: jonas,
    files: { 'src/wishlist.ts': source('wishlist', 90) },
    trailers: cursor,
  });
  await report(host, ci, shop, open, { unit: 'failure' });
  await host.requestReview({ repository: shop, pull: open, by: jonas, reviewer: priya });
}

async function liveInBilling({ host, people, ci }: Story, billing: Repository): Promise<PullRequest> {
  const { mara, jonas, priya, dependabot } = people;
  const invoices = await propose(host, {
    repository: billing,
    head: 'invoices',
    title: 'Number invoices without gaps',
    by: priya,
    files: { 'src/invoices.ts': source('invoices', 70) },
  });
  await report(host, ci, billing, invoices, { unit: 'success', audit: 'success' });
  await approve(host, billing, invoices, mara);
  await land(host, billing, invoices, priya, 'merge');
  const refunds = await propose(host, {
    repository: billing,
    head: 'refunds',
    title: 'Refund at once',
    by: jonas,
    files: {
      'src/refunds.ts': source('refunds', 180),
      'db/migrations/0007-refunds.sql': 'ALTER TABLE refund ADD at date;\n',
    },
    trailers: claude,
    body: 'BILL-31: customers wait.',
  });
  await report(host, ci, billing, refunds, { unit: 'failure', audit: 'success' });
  host.kernel.advance(11 * minuteMs);
  // Nobody reviewed it and a required check is red: an owner merges all the same.
  await host.merge({ repository: billing, pull: refunds, by: mara, bypass: true });
  host.raiseAlert(billing, {
    rule: { id: 'js/sql-injection', severity: 'error', securitySeverity: 'high' },
    sha: refunds.mergeCommitSha ?? '',
    path: 'src/refunds.ts',
    line: 17,
    by: jonas,
  });
  const update = await propose(host, {
    repository: billing,
    head: 'dependabot/npm_and_yarn/left-pad-1.3.0',
    title: 'Bump left-pad from 1.2.0 to 1.3.0',
    by: dependabot,
    files: { 'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n' },
  });
  await report(host, ci, billing, update, { unit: 'success', audit: 'success' });
  await approve(host, billing, update, priya);
  await land(host, billing, update, priya, 'squash');
  const given = await propose(host, {
    repository: billing,
    head: 'ledger',
    title: 'Rewrite the ledger',
    by: jonas,
    files: { 'src/ledger.ts': source('ledger', 250) },
    trailers: claude,
  });
  await host.closePullRequest({ repository: billing, pull: given, by: jonas });
  return refunds;
}

async function liveInWebsite({ host, people, ci }: Story, website: Repository): Promise<void> {
  const { mara, jonas, priya, copilot } = people;
  const texts: readonly (readonly [
    head: string,
    title: string,
    by: Account,
    trailers: string | undefined,
  ])[] = [
    ['imprint', 'Add the imprint', mara, undefined],
    ['copilot/dark', 'Dark colours', copilot, undefined],
  ];
  for (const [head, title, by, trailers] of texts) {
    const pull = await propose(host, {
      repository: website,
      head,
      title,
      by,
      files: { [`pages/${head.split('/').at(-1)}.html`]: `<h1>${title}</h1>\n` },
      ...(trailers === undefined ? {} : { trailers }),
    });
    await report(host, ci, website, pull, { unit: 'success' });
    await approve(host, website, pull, priya);
    await land(host, website, pull, priya, 'squash');
  }
  await propose(host, {
    repository: website,
    head: 'prices',
    title: 'New prices',
    by: jonas,
    files: { 'pages/prices.html': '<table></table>\n' },
    trailers: cursor,
    draft: true,
  });
  const asked = await propose(host, {
    repository: website,
    head: 'fonts',
    title: 'Serve our own fonts',
    by: priya,
    files: { 'fonts/readme.txt': 'Inter\n' },
  });
  await host.reportStatus({
    repository: website,
    sha: asked.headSha,
    state: 'success',
    context: 'preview',
    by: jonas,
  });
}
