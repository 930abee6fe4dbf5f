// Clerk's own client for servers, against the sandbox on a port: it must not notice a difference.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { createClerkClient, verifyToken } from "@clerk/backend";
import { verifyWebhook } from "@clerk/backend/webhooks";
import { check } from "./checks.mjs";

const { CLERK_MCP_JAR: jar, ...env } = process.env;

/** The webhooks that came, as a handler of an application gets them. */
const webhooks = [];
const receiver = createServer(async (request, response) => {
  const body = [];
  for await (const part of request) {
    body.push(part);
  }
  const { headers } = request;
  webhooks.push(new Request("http://localhost/webhooks", { method: "POST", headers, body: Buffer.concat(body) }));
  response.end();
}).listen(0, "127.0.0.1");
await once(receiver, "listening");

const server = spawn("java", ["-jar", jar, "sandbox", "--port", "0"], {
  env: { ...env, CLERK_MCP_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${receiver.address().port}/webhooks` },
  stdio: ["ignore", "pipe", "inherit"],
});
process.on("exit", () => server.kill());

try {
  await checks(await settings());
} catch (failure) {
  console.error(failure.message);
  process.exit(1);
}
process.exit(0);

/** What the command prints for pasting into an environment. */
async function settings() {
  const printed = {};
  for await (const line of createInterface({ input: server.stdout })) {
    const [, name, value] = line.match(/^(CLERK_\w+)=(.*)$/) ?? [];
    printed[name] = value;
    if (printed.CLERK_WEBHOOK_SIGNING_SECRET) { // the last one
      process.env.CLERK_WEBHOOK_SIGNING_SECRET = printed.CLERK_WEBHOOK_SIGNING_SECRET;
      return {
        apiUrl: printed.CLERK_API_URL,
        secretKey: printed.CLERK_SECRET_KEY,
        publishableKey: printed.CLERK_PUBLISHABLE_KEY,
      };
    }
  }
  throw new Error("The sandbox did not say where it listens");
}

async function refusal(promise) {
  const error = await promise.then(
    () => assert.fail("was not refused"),
    (reason) => reason,
  );
  const [first] = error.errors ?? [{}];
  return { status: error.status, code: first.code, param: first.meta?.paramName, trace: error.clerkTraceId };
}

async function checks(options) {
  const clerk = createClerkClient(options);
  let ada;
  let organization;

  await check("users are listed with their total, newest first, and paged", async () => {
    const page = await clerk.users.getUserList({ limit: 5 });
    assert.equal(page.totalCount, 120);
    assert.equal(page.data.length, 5);
    const times = page.data.map((user) => user.createdAt);
    assert.deepEqual(times, [...times].sort((a, b) => b - a));
    const next = await clerk.users.getUserList({ limit: 5, offset: 5 });
    assert.ok(!page.data.some((user) => next.data.some((other) => other.id === user.id)));
    assert.match(page.data[0].primaryEmailAddress.emailAddress, /@example\.com$/);
  });

  await check("a user is created, found, counted and read", async () => {
    ada = await clerk.users.createUser({
      emailAddress: ["Ada+clerk_test@example.com"],
      firstName: "Ada",
      password: "sandbox-password-ada",
      publicMetadata: { plan: "pro" },
    });
    assert.ok(ada.passwordEnabled);
    assert.equal(await clerk.users.getCount(), 121);
    assert.equal((await clerk.users.getCount({ emailAddress: ["ada+clerk_test@example.com"] })), 1);
    assert.equal((await clerk.users.getUser(ada.id)).firstName, "Ada");
    assert.equal((await clerk.users.verifyPassword({ userId: ada.id, password: "sandbox-password-ada" })).verified, true);
  });

  await check("identifiers are unique whatever their case", async () => {
    const { status, code, param, trace } = await refusal(
      clerk.users.createUser({ emailAddress: ["ADA+CLERK_TEST@EXAMPLE.COM"] }),
    );
    assert.deepEqual({ status, code, param }, { status: 422, code: "form_identifier_exists", param: "email_address" });
    assert.match(trace, /^sandbox/);
  });

  await check("bad input is refused with Clerk's codes", async () => {
    assert.equal((await refusal(clerk.users.createUser({ emailAddress: ["b@example.com"], password: "short" }))).code, "form_password_length_too_short");
    assert.equal((await refusal(clerk.users.createUser({ emailAddress: ["nonsense"] }))).code, "form_param_format_invalid");
    assert.equal((await refusal(clerk.users.createUser({ colour: "red", emailAddress: ["b@example.com"] }))).code, "form_param_unknown");
    assert.deepEqual((await refusal(clerk.users.getUser("user_nobody"))).status, 404);
  });

  await check("a user is changed, and metadata is merged deeply", async () => {
    assert.equal((await clerk.users.updateUser(ada.id, { lastName: "Lovelace" })).lastName, "Lovelace");
    const merged = await clerk.users.updateUserMetadata(ada.id, { publicMetadata: { a: { b: 1 }, plan: null } });
    assert.deepEqual(merged.publicMetadata, { a: { b: 1 } });
  });

  await check("a ban ends the sessions, a lock does not", async () => {
    const session = await clerk.sessions.createSession({ userId: ada.id });
    assert.equal(session.status, "active");
    await clerk.users.lockUser(ada.id);
    assert.equal((await clerk.sessions.getSession(session.id)).status, "active");
    assert.equal((await clerk.users.unlockUser(ada.id)).locked, false);
    assert.equal((await clerk.users.banUser(ada.id)).banned, true);
    assert.equal((await clerk.sessions.getSession(session.id)).status, "revoked");
    assert.equal((await clerk.users.unbanUser(ada.id)).banned, false);
  });

  await check("an organization has its creator as admin, and keeps one", async () => {
    organization = await clerk.organizations.createOrganization({ name: "Analytical Engines", createdBy: ada.id });
    assert.equal(organization.slug, "analytical-engines");
    const members = await clerk.organizations.getOrganizationMembershipList({ organizationId: organization.id });
    assert.deepEqual(members.data.map((member) => [member.role, member.publicUserData.userId]), [["org:admin", ada.id]]);
    const last = await refusal(
      clerk.organizations.deleteOrganizationMembership({ organizationId: organization.id, userId: ada.id }),
    );
    assert.deepEqual([last.status, last.code], [400, "organization_minimum_permissions_needed"]);
  });

  await check("a member joins once, and changes role", async () => {
    const [other] = (await clerk.users.getUserList({ limit: 1, orderBy: "+created_at" })).data;
    const member = { organizationId: organization.id, userId: other.id };
    await clerk.organizations.createOrganizationMembership({ ...member, role: "org:member" });
    const twice = await refusal(clerk.organizations.createOrganizationMembership({ ...member, role: "org:member" }));
    assert.deepEqual([twice.status, twice.code], [400, "already_a_member_in_organization"]);
    assert.equal((await clerk.organizations.updateOrganizationMembership({ ...member, role: "org:admin" })).role, "org:admin");
  });

  await check("people are invited to an organization once, and uninvited", async () => {
    const invitation = { organizationId: organization.id, emailAddress: "guest@example.com", role: "org:member" };
    const { id, status } = await clerk.organizations.createOrganizationInvitation({ ...invitation, inviterUserId: ada.id });
    assert.equal(status, "pending");
    assert.equal((await refusal(clerk.organizations.createOrganizationInvitation({ ...invitation, inviterUserId: ada.id }))).code, "organization_invitation_not_unique");
    const gone = await clerk.organizations.revokeOrganizationInvitation({ organizationId: organization.id, invitationId: id, requestingUserId: ada.id });
    assert.equal(gone.status, "revoked");
  });

  await check("people are invited to the application, and uninvited once", async () => {
    const invitation = await clerk.invitations.createInvitation({ emailAddress: "new@example.com" });
    assert.equal(invitation.status, "pending");
    assert.equal((await clerk.invitations.revokeInvitation(invitation.id)).status, "revoked");
    assert.equal((await refusal(clerk.invitations.revokeInvitation(invitation.id))).code, "invitation_already_revoked");
    assert.ok((await clerk.invitations.getInvitationList({ status: "pending" })).data.length > 0);
  });

  const bearer = (token) =>
    new Request("http://localhost:3000/", { headers: { authorization: `Bearer ${token}` } });
  const accepts = async (token, acceptsToken = "session_token") => {
    const state = await clerk.authenticateRequest(bearer(token), { acceptsToken });
    return state.isAuthenticated ? state.toAuth() : null;
  };

  await check("session tokens are verified, and say whose they are", async () => {
    const session = await clerk.sessions.createSession({ userId: ada.id });
    const { jwt } = await clerk.sessions.getToken(session.id);
    const claims = await verifyToken(jwt, options);
    assert.deepEqual([claims.sub, claims.sid, claims.iss], [ada.id, session.id, "https://clerk.sandbox.invalid"]);
    const auth = await accepts(jwt);
    assert.deepEqual([auth.userId, auth.sessionId], [ada.id, session.id]);
    const [header, body, signature] = jwt.split(".");
    const forged = JSON.parse(Buffer.from(body, "base64url"));
    forged.sub = "user_somebody";
    const other = Buffer.from(JSON.stringify(forged)).toString("base64url");
    assert.equal(await accepts(`${header}.${other}.${signature}`), null);
    assert.equal(await accepts("garbage"), null);
    // As at Clerk, the token of a revoked session is good until it expires.
    await clerk.sessions.revokeSession(session.id);
    assert.equal((await verifyToken(jwt, options)).sid, session.id);
    await assert.rejects(clerk.sessions.getToken(session.id));
    const template = await clerk.jwtTemplates.create({
      name: "api", claims: { who: "id {{user.id}}" }, lifetime: 60,
    });
    const next = await clerk.sessions.createSession({ userId: ada.id });
    const fromTemplate = await clerk.sessions.getToken(next.id, template.name);
    assert.equal((await verifyToken(fromTemplate.jwt, options)).who, `id ${ada.id}`);
  });

  await check("machines call each other with keys and tokens of their own", async () => {
    const billing = await clerk.machines.create({ name: "billing" });
    const { secret } = await clerk.machines.getSecretKey(billing.id);
    const machine = createClerkClient({ apiUrl: options.apiUrl, machineSecretKey: secret });
    const opaque = await machine.m2m.createToken({ machineSecretKey: secret });
    assert.equal(opaque.subject, billing.id);
    assert.match(opaque.token, /^mt_sandbox_/);
    assert.equal((await clerk.m2m.verify({ token: opaque.token })).subject, billing.id);
    assert.equal((await accepts(opaque.token, "m2m_token")).machineId, billing.id);
    const jwt = await machine.m2m.createToken({ machineSecretKey: secret, tokenFormat: "jwt" });
    assert.equal((await clerk.m2m.verify({ token: jwt.token })).subject, billing.id);
    await clerk.m2m.revokeToken({ m2mTokenId: opaque.id });
    assert.equal(await accepts(opaque.token, "m2m_token"), null);
    assert.equal(await accepts("mt_garbage", "m2m_token"), null);
    const wrong = createClerkClient({ ...options, secretKey: secret });
    assert.equal((await refusal(wrong.users.getCount())).status, 401);
  });

  await check("API keys are told apart from other tokens, and verified", async () => {
    const key = await clerk.apiKeys.create({ name: "export", subject: ada.id, scopes: ["read:all"] });
    assert.match(key.secret, /^ak_sandbox_/);
    const auth = await accepts(key.secret, "api_key");
    assert.deepEqual([auth.userId, auth.scopes], [ada.id, ["read:all"]]);
    assert.equal(await accepts(key.secret), null);
    await clerk.apiKeys.revoke({ apiKeyId: key.id });
    assert.equal(await accepts(key.secret, "api_key"), null);
    assert.equal(await accepts("ak_garbage", "api_key"), null);
  });

  await check("an unknown OAuth token signs nobody in", async () => {
    assert.equal(await accepts("oat_nope", "oauth_token"), null);
    assert.equal((await refusal(clerk.idPOAuthAccessToken.verify("oat_nope"))).status, 404);
  });

  await check("webhooks are verified, and tell what changed", async () => {
    const { id } = await clerk.users.createUser({ username: "told_of" });
    const known = async () => {
      for (const request of webhooks) {
        const event = await verifyWebhook(request.clone());
        if (event.type === "user.created" && event.data.id === id) {
          return event;
        }
      }
    };
    let event;
    for (const end = Date.now() + 10_000; !(event = await known()) && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(event.data.username, "told_of");
    const forged = webhooks[0].clone();
    forged.headers.set("svix-signature", "v1,AAAA");
    await assert.rejects(verifyWebhook(forged));
  });

  await check("a deleted user frees the address", async () => {
    await clerk.organizations.deleteOrganization(organization.id);
    const deleted = await clerk.users.deleteUser(ada.id);
    assert.deepEqual([deleted.object, deleted.deleted], ["user", true]);
    assert.equal((await refusal(clerk.users.getUser(ada.id))).code, "resource_not_found");
    await clerk.users.createUser({ emailAddress: ["ada+clerk_test@example.com"] });
  });

  await check("a real-looking key opens nothing", async () => {
    const stranger = createClerkClient({ ...options, secretKey: "sk_test_somebodyelses" });
    assert.deepEqual((await refusal(stranger.users.getCount())).status, 401);
  });
}
