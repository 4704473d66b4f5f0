import type { ApiKeyRow, Caller, Door, MemberRow, SessionRow } from '../../app/serving-ports.ts';
import type { Role, Scope } from '../../core/access/permissions.ts';
import { AppError } from '../../core/errors.ts';

/** A door in memory: secrets are as given, cookies are `session=<id>`. It keeps the port's promises, not its secrets. */
export class FakeDoor implements Door {
  readonly memberRows = new Map<string, MemberRow>();
  readonly sessionRows = new Map<string, SessionRow>();
  readonly keyRows = new Map<string, ApiKeyRow>();
  readonly #links = new Map<string, { readonly role: Role; readonly email: string | null }>();
  #made = 0;

  /** A member who is signed in; gives the cookie. */
  signIn(role: Role): string {
    const id = this.#id('user');
    const email = `${id}@example.org`;
    this.memberRows.set(id, { id, name: id, email, role, state: 'active', createdAt: day, lastSeenAt: day });
    return this.#session(id);
  }

  /** A key of a new member of that role; gives the secret. */
  giveKey(role: Role, scopes: readonly Scope[]): string {
    this.signIn(role);
    const [userId = ''] = [...this.memberRows.keys()].slice(-1);
    return this.#key({ name: 'key', scopes, expiresInDays: 1 }, userId).secret;
  }

  async authenticate({ headers }: { readonly headers: Headers }): Promise<Caller | undefined> {
    const secret = /^Bearer (.*)$/.exec(headers.get('authorization') ?? '')?.[1];
    const key = secret === undefined ? undefined : this.keyRows.get(secret);
    const session = this.sessionRows.get(/session=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1] ?? '');
    const row = secret === undefined ? session : key?.revokedAt === null ? key : undefined;
    const member = row && this.memberRows.get(row.userId);
    if (!row || !member) return undefined;
    const { name, email, role } = member;
    const caller = { userId: row.userId, name, email, role, credentialId: row.id };
    return key ? { ...caller, via: 'api-key', scopes: key.scopes } : { ...caller, via: 'session' };
  }

  async handle(request: Request): Promise<Response> {
    if (!request.url.endsWith('/sign-in/email')) throw new AppError('NOT_FOUND', { what: 'such way' });
    const { email, password } = JSON.parse(await request.text()) as Record<string, string>;
    const member = [...this.memberRows.values()].find((row) => row.email === email);
    if (!member || password !== 'right') throw new AppError('SIGN_IN_REFUSED');
    return Response.json({ ok: true }, { headers: { 'set-cookie': this.#session(member.id) } });
  }

  async isClaimed(): Promise<boolean> {
    return this.memberRows.size > 0;
  }

  async firstOwnerToken(): Promise<string | undefined> {
    return this.memberRows.size > 0 ? undefined : this.#link('owner', null);
  }

  async invitation(token: string) {
    return this.#links.get(token);
  }

  async join({ token, name, email }: Parameters<Door['join']>[0]) {
    const link = this.#links.get(token);
    if (!link) throw new AppError('INVITATION_UNKNOWN');
    this.#links.delete(token);
    const id = this.#id('user');
    const { role } = link;
    this.memberRows.set(id, { id, name, email, role, state: 'active', createdAt: day, lastSeenAt: day });
    const cookie = this.#session(id);
    const caller = await this.authenticate({ headers: new Headers({ cookie }) });
    if (!caller) throw new Error('a new session lets nobody in');
    return { caller, setCookies: [`${cookie}; HttpOnly; SameSite=Lax; Path=/`] };
  }

  async members() {
    return [...this.memberRows.values()];
  }

  async invite(email: string, role: Role) {
    return { token: this.#link(role, email), expiresAt: day };
  }

  async setRole(memberId: string, role: Role) {
    this.memberRows.set(memberId, { ...this.#member(memberId), role });
  }

  async removeMember(memberId: string) {
    const { role } = this.#member(memberId);
    const owners = [...this.memberRows.values()].filter((row) => row.role === 'owner');
    if (role === 'owner' && owners.length === 1) throw new AppError('LAST_OWNER');
    this.memberRows.delete(memberId);
  }

  async sessions(userId?: string) {
    return [...this.sessionRows.values()].filter((row) => userId === undefined || row.userId === userId);
  }

  async revokeSession(sessionId: string, userId?: string) {
    const [row] = (await this.sessions(userId)).filter(({ id }) => id === sessionId);
    if (!row) throw new AppError('NOT_FOUND', { what: 'such session' });
    this.sessionRows.delete(sessionId);
  }

  async keys(userId?: string) {
    return [...this.keyRows.values()].filter((row) => userId === undefined || row.userId === userId);
  }

  async createKey(key: Parameters<Door['createKey']>[0], by: Caller) {
    return this.#key(key, by.userId);
  }

  async revokeKey(keyId: string, userId?: string) {
    const found = [...this.keyRows].find(
      ([, row]) => row.id === keyId && (userId === undefined || row.userId === userId),
    );
    if (!found) throw new AppError('NOT_FOUND', { what: 'such key' });
    this.keyRows.set(found[0], { ...found[1], revokedAt: day });
  }

  #member(id: string): MemberRow {
    const row = this.memberRows.get(id);
    if (!row) throw new AppError('NOT_FOUND', { what: 'such member' });
    return row;
  }

  #link(role: Role, email: string | null): string {
    const token = this.#id('a-one-time-link-token');
    this.#links.set(token, { role, email });
    return token;
  }

  #session(userId: string): string {
    const { name, email } = this.#member(userId);
    const id = this.#id('session');
    const who = { userId, userName: name, userEmail: email };
    const times = { createdAt: day, lastSeenAt: day, expiresAt: day };
    this.sessionRows.set(id, { id, ...who, ...times, address: null, userAgent: null });
    return `session=${id}`;
  }

  #key(key: Parameters<Door['createKey']>[0], userId: string) {
    const { name, email } = this.#member(userId);
    const secret = this.#id('secret');
    const who = { userId, userName: name, userEmail: email };
    const times = { createdAt: day, expiresAt: day, lastUsedAt: null, revokedAt: null };
    const { scopes } = key;
    const row: ApiKeyRow = { id: this.#id('key'), name: key.name, start: 'sec', scopes, ...who, ...times };
    this.keyRows.set(secret, row);
    return { key: row, secret };
  }

  #id(of: string): string {
    this.#made += 1;
    return `${of}-${this.#made}`;
  }
}

const day = '2026-01-01T00:00:00.000Z';
