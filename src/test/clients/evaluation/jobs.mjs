// The open half of the jobs: tools may be tuned on them. A job is
//   id        in kebab-case
//   job       what is to be done, as a support person or a founder would say it
//   expected  (clerk) => what the right answer needs, computed from the sandbox before the job begins;
//             it may first bring about what the job speaks of
//   check     ({ clerk, answer, expected, changes, exports }) => what is wrong, or undefined
//   solve     ({ call }) => the answer, got with the tools: shows that the job can be done
// `clerk` is the sandbox's API (clerk.mjs); `changes` is all that became different in it, except
// times; `exports` is the folder for files that tools write. The sandbox's clock stands at 1 June 2026,
// which the server does not know: a job names dates, not spans back from now.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { areAddresses, changed, isNumber, says, saysNot, unchanged } from "./expect.mjs";

const write = (call, name, args) => call("clerk_tools_write", { name, arguments: args });
const read = (call, name, args) => call("clerk_tools_read", { name, arguments: args });

const address = (user) =>
  user.email_addresses.find(({ id }) => id === user.primary_email_address_id).email_address;
const memberAddress = (membership) => membership.public_user_data.identifier;
const isAdmin = ({ role }) => role === "org:admin";
const byAge = (a, b) => a.created_at - b.created_at;

/** The users who are members of an organization, named by its slug. */
async function usersIn(clerk, slug) {
  const [members, users] = await Promise.all([clerk.members(slug), clerk.all("/v1/users")]);
  const ids = new Set(members.map((member) => member.public_user_data.user_id));
  return users.filter(({ id }) => ids.has(id));
}

/** How many rows there are of each kind. */
function counted(rows, kind) {
  const counts = {};
  rows.forEach((row) => (counts[kind(row)] = (counts[kind(row)] ?? 0) + 1));
  return counts;
}

/** The answer has a line with each of these numbers after its name. */
function hasCounts(answer, expected) {
  const lines = Object.entries(expected).map(
    ([name, count]) => new RegExp(`\\b${name}\\b[^\\d\\n]*\\b${count}\\b(?![\\d,.]*\\d)`, "i"),
  );
  return says(answer, ...lines);
}

/** Signs a user in on so many devices more; their open sessions. */
async function signedIn(clerk, email, times) {
  const user = await clerk.user(email);
  for (let i = 0; i < times; i++) {
    await clerk.post("/v1/sessions", { user_id: user.id });
  }
  return { user, sessions: await clerk.all(`/v1/sessions?user_id=${user.id}&status=active`) };
}

const revoked = ({ id }) => ({ kind: "sessions", id, what: "status", after: "revoked" });

const invited = (organization, email, role) => ({
  kind: "org_invitations",
  what: "created",
  after: (invitation) =>
    invitation.organization_id === organization.id &&
    invitation.email_address === email &&
    invitation.role === role &&
    invitation.status === "pending",
});

export default [
  {
    id: "members-without-second-factor",
    job: "How many members of Mosaic Learning have not set up a second factor? Answer with the number alone.",
    expected: async (clerk) =>
      (await usersIn(clerk, "mosaic-learning")).filter((user) => !user.two_factor_enabled).length,
    check: ({ answer, expected, changes }) => isNumber(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { counts } = await read(call, "clerk_security_report", {
        organization_id: "mosaic-learning",
        findings: ["no_mfa"],
        rows: 0,
      });
      return String(counts.no_mfa);
    },
  },
  {
    id: "admins-of-an-organization",
    job: "Who are the admins of Aurora Robotics? Answer with their email addresses alone.",
    expected: async (clerk) =>
      (await clerk.members("aurora-robotics")).filter(isAdmin).map(memberAddress),
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { data } = await call("clerk_org_memberships_list", {
        organization_id: "aurora-robotics",
        role: ["org:admin"],
        fields: ["public_user_data.identifier"],
      });
      return JSON.stringify(data);
    },
  },
  {
    id: "organization-without-admin",
    job: "One of our organizations has nobody left who could manage it. Which? Answer with its name alone.",
    expected: async (clerk) => {
      const members = await clerk.all("/v1/organization_memberships");
      const managed = new Set(members.filter(isAdmin).map(({ organization }) => organization.id));
      const organizations = await clerk.all("/v1/organizations");
      return {
        name: organizations.find(({ id }) => !managed.has(id)).name,
        others: organizations.filter(({ id }) => managed.has(id)).map(({ name }) => name),
      };
    },
    check: ({ answer, expected, changes }) =>
      says(answer, new RegExp(expected.name, "i")) ??
      saysNot(answer, new RegExp(expected.others.join("|"), "i")) ??
      unchanged(changes),
    solve: async ({ call }) => {
      const report = await read(call, "clerk_security_report", { findings: ["without_admin"] });
      return JSON.stringify(report).match(/Quiet Orbit/)[0];
    },
  },
  {
    id: "promote-the-longest-member",
    job: "Edith Garland, who alone manages Blue Harbor Clinic, goes on leave. Make the member who has been in it longest, apart from her, an admin as well.",
    expected: async (clerk) =>
      (await clerk.members("blue-harbor")).filter((member) => !isAdmin(member)).sort(byAge)[0],
    check: ({ expected, changes }) =>
      changed(changes, { kind: "memberships", id: expected.id, what: "role", after: "org:admin" }),
    solve: async ({ call }) => {
      const { data } = await call("clerk_org_memberships_list", {
        organization_id: "blue-harbor",
        order_by: "created_at",
        limit: 2,
        fields: ["public_user_data.user_id", "role"],
      });
      const member = data.find(({ role }) => role === "org:member");
      await call("clerk_org_membership_update", {
        organization_id: "blue-harbor",
        user_id: member.public_user_data.user_id,
        role: "org:admin",
      });
      return "Done.";
    },
  },
  {
    id: "locked-out",
    job: "olena.koval@example.com writes that she cannot sign in. Find out why. If it is only a lock after wrong passwords, lift it; if we have banned her, leave it so and say it.",
    expected: (clerk) => clerk.user("olena.koval@example.com"),
    check: ({ answer, expected, changes }) =>
      says(answer, /lock/i) ??
      changed(
        changes,
        { kind: "users", id: expected.id, what: "locked", after: false },
        { kind: "users", id: expected.id, what: "lockout_expires_in_seconds", may: true },
        { kind: "users", id: expected.id, what: "verification_attempts_remaining", may: true },
      ),
    solve: async ({ call }) => {
      await call("clerk_user_unlock", { user_id: "olena.koval@example.com" });
      return "She was locked; I unlocked her.";
    },
  },
  {
    id: "banned-not-locked",
    job: "layla.nassar@example.com writes that she cannot sign in. Find out why. If it is only a lock after wrong passwords, lift it; if we have banned her, leave it so and say it.",
    check: ({ answer, changes }) => says(answer, /\bban/i) ?? unchanged(changes),
    solve: async ({ call }) => {
      const user = await call("clerk_user_overview", { user_id: "layla.nassar@example.com" });
      return JSON.stringify(user);
    },
  },
  {
    id: "sign-ups-of-a-month",
    job: "How many people signed up in March 2026 (UTC)? Answer with the number alone.",
    expected: async (clerk) =>
      (await clerk.all("/v1/users")).filter(
        ({ created_at: time }) => time >= Date.UTC(2026, 2, 1) && time < Date.UTC(2026, 3, 1),
      ).length,
    check: ({ answer, expected, changes }) => isNumber(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { total_count: count } = await call("clerk_users_count", {
        created_at_after: "2026-03-01",
        created_at_before: "2026-04-01",
      });
      return String(count);
    },
  },
  {
    id: "team-plan-never-signed-in",
    job: "We keep each user's plan in the public metadata. Who is on the team plan and has never signed in? Answer with their email addresses alone.",
    expected: async (clerk) =>
      (await clerk.all("/v1/users"))
        .filter((user) => user.public_metadata.plan === "team" && user.last_sign_in_at === null)
        .map(address),
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const found = await call("clerk_users_list", {
        where: ["public_metadata.plan = team", "never_signed_in"],
        all: true,
        fields: ["email_addresses.email_address"],
      });
      return JSON.stringify(found);
    },
  },
  {
    id: "open-invitations",
    job: "Which invitations to our application (not to an organization) can still be accepted? Answer with the invited email addresses alone.",
    expected: async (clerk) =>
      (await clerk.all("/v1/invitations?status=pending")).map(
        (invitation) => invitation.email_address,
      ),
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) =>
      JSON.stringify(await call("clerk_invitations_list", { status: "pending", all: true })),
  },
  {
    id: "in-two-organizations",
    job: "Which people belong to more than one organization? Answer with their email addresses alone.",
    expected: async (clerk) => {
      const members = (await clerk.all("/v1/organization_memberships")).map(memberAddress);
      return [...new Set(members.filter((member, place) => members.indexOf(member) < place))];
    },
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { data } = await read(call, "clerk_memberships_list", {
        all: true,
        limit: 500,
        fields: ["public_user_data.identifier"],
      });
      const members = data.map((member) => member.public_user_data.identifier);
      return members.filter((member, place) => members.indexOf(member) < place).join(", ");
    },
  },
  {
    id: "users-by-plan",
    job: "How many users does each plan have? The plan is in the public metadata. Answer with a line for each plan, such as gold: 12.",
    expected: async (clerk) =>
      counted(await clerk.all("/v1/users"), ({ public_metadata }) => public_metadata.plan),
    check: ({ answer, expected, changes }) => hasCounts(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { groups } = await call("clerk_users_list", { by: ["public_metadata.plan"] });
      return groups.map((row) => `${row["public_metadata.plan"]}: ${row.count}`).join("\n");
    },
  },
  {
    id: "sign-ups-by-month",
    job: "How many users signed up in each month of 2026, January to May, by UTC? Answer with a line for each month, such as 2026-01: 12.",
    expected: async (clerk) =>
      counted(
        (await clerk.all("/v1/users")).filter(({ created_at }) => created_at >= Date.UTC(2026, 0)),
        ({ created_at }) => new Date(created_at).toISOString().slice(0, 7),
      ),
    check: ({ answer, expected, changes }) => hasCounts(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { groups } = await call("clerk_users_list", {
        where: ["created_at >= 2026-01-01"],
        by: ["month(created_at)"],
      });
      return groups.map((row) => `${row["month(created_at)"]}: ${row.count}`).join("\n");
    },
  },
  {
    id: "several-organizations-without-second-factor",
    job: "Who belongs to two or more organizations and has no second factor? Answer with the number alone.",
    expected: async (clerk) => {
      const memberships = counted(
        await clerk.all("/v1/organization_memberships"),
        ({ public_user_data }) => public_user_data.user_id,
      );
      return (await clerk.all("/v1/users")).filter(
        ({ id, two_factor_enabled }) => memberships[id] >= 2 && !two_factor_enabled,
      ).length;
    },
    check: ({ answer, expected, changes }) => isNumber(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const where = ["organizations >= 2", "!mfa"];
      const { count } = await call("clerk_users_list", { where, count: true });
      return String(count);
    },
  },
  {
    id: "unverified-on-a-paid-plan",
    job: "How many users of the plans pro and team have a main email address that is not verified? The plan is in the public metadata. Answer with the number alone.",
    expected: async (clerk) =>
      (await clerk.all("/v1/users")).filter(({ public_metadata, primary_email_address_id, ...user }) => {
        const main = user.email_addresses.find(({ id }) => id === primary_email_address_id);
        const proven = main?.verification?.status === "verified" || main?.reserved;
        return ["pro", "team"].includes(public_metadata.plan) && main && !proven;
      }).length,
    check: ({ answer, expected, changes }) => isNumber(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const where = ["unverified_email", "public_metadata.plan in (pro, team)"];
      const { count } = await call("clerk_users_list", { where, count: true });
      return String(count);
    },
  },
  {
    id: "idle-members",
    job: "Which members of Blue Harbor Clinic have not signed in since the beginning of 2026 (UTC), or never have? Answer with their email addresses alone.",
    expected: async (clerk) =>
      (await usersIn(clerk, "blue-harbor"))
        .filter(({ last_sign_in_at: time }) => time === null || time < Date.UTC(2026, 0, 1))
        .map(address),
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { data } = await call("clerk_users_list", {
        organization: "blue-harbor",
        all: true,
        fields: ["email_addresses.email_address", "last_sign_in_at"],
      });
      return JSON.stringify(data.filter((user) => (user.last_sign_in_at ?? "") < "2026"));
    },
  },
  {
    id: "invite-with-roles",
    job: "Invite these people to Aurora Robotics: nora.lind@example.org, pavel.sima@example.org, guest02@example.com and soren.nowak@example.com as members, and tom.reed@example.org as an admin. Some of them may belong to it or be invited already; they shall get no second invitation.",
    expected: (clerk) => clerk.organization("aurora-robotics"),
    check: ({ expected, changes }) =>
      changed(
        changes,
        invited(expected, "nora.lind@example.org", "org:member"),
        invited(expected, "pavel.sima@example.org", "org:member"),
        invited(expected, "tom.reed@example.org", "org:admin"),
      ),
    solve: async ({ call }) => {
      await write(call, "clerk_org_invitations_send_bulk", {
        organization_id: "aurora-robotics",
        emails: [
          "nora.lind@example.org",
          "pavel.sima@example.org",
          "guest02@example.com",
          "soren.nowak@example.com",
          "tom.reed@example.org",
        ],
        role: "org:member",
        overrides: [{ email_address: "tom.reed@example.org", role: "org:admin" }],
      });
      return "Done.";
    },
  },
  {
    id: "ban-and-what-it-ended",
    job: "yusuf.nassar@example.com sends spam. Ban him. How many sessions were open and have ended by that? Answer with the number alone.",
    expected: (clerk) => signedIn(clerk, "yusuf.nassar@example.com", 2),
    check: ({ answer, expected, changes }) =>
      isNumber(answer, expected.sessions.length) ??
      changed(
        changes,
        { kind: "users", id: expected.user.id, what: "banned", after: true },
        ...expected.sessions.map(revoked),
      ),
    solve: async ({ call }) => {
      const { data } = await call("clerk_sessions_list", {
        user_id: "yusuf.nassar@example.com",
        status: "active",
      });
      await call("clerk_user_ban", { user_id: "yusuf.nassar@example.com" });
      return String(data.length);
    },
  },
  {
    id: "change-of-address",
    job: "Wanjiru Dlamini, so far wanjiru.dlamini@example.com, now has the address w.dlamini@example.org; we have verified that it is hers. She shall sign in with it, and the old address must no longer work.",
    expected: (clerk) => clerk.user("wanjiru.dlamini@example.com"),
    check: async ({ clerk, expected, changes }) => {
      const user = await clerk.get(`/v1/users/${expected.id}`);
      const addresses = user.email_addresses.map((email) => [
        email.email_address,
        email.verification?.status,
      ]);
      return (
        (address(user) === "w.dlamini@example.org" &&
        addresses.length === 1 &&
        addresses[0][1] === "verified"
          ? undefined
          : `the addresses are ${JSON.stringify(addresses)}`) ??
        changed(
          changes,
          { kind: "users", id: expected.id, what: "email_addresses" },
          { kind: "users", id: expected.id, what: "primary_email_address_id" },
          // The connected account goes with its address.
          { kind: "users", id: expected.id, what: "external_accounts", may: true },
        )
      );
    },
    solve: async ({ call }) => {
      await write(call, "clerk_user_email_address_replace", {
        user_id: "wanjiru.dlamini@example.com",
        email_address: "w.dlamini@example.org",
        identification_status: "verified",
      });
      return "Done.";
    },
  },
  {
    id: "metadata-of-an-organization",
    job: 'Mosaic Learning has signed: note in its public metadata that its plan is "enterprise" and its seats are 60 (a number). What else is noted there stays.',
    expected: (clerk) => clerk.organization("mosaic-learning"),
    check: ({ expected, changes }) =>
      changed(changes, {
        kind: "organizations",
        id: expected.id,
        what: "public_metadata",
        after: { ...expected.public_metadata, plan: "enterprise", seats: 60 },
      }),
    solve: async ({ call }) => {
      await call("clerk_organization_update", {
        organization_id: "mosaic-learning",
        public_metadata: { plan: "enterprise", seats: 60 },
      });
      return "Done.";
    },
  },
  {
    id: "raise-the-seats",
    job: "Orchard & Daughters cannot invite anybody any more because all seats are taken. Give them 12 seats, and invite lena.orchard@example.org as a member.",
    expected: (clerk) => clerk.organization("orchard-daughters"),
    check: ({ expected, changes }) =>
      changed(
        changes,
        { kind: "organizations", id: expected.id, what: "max_allowed_memberships", after: 12 },
        invited(expected, "lena.orchard@example.org", "org:member"),
      ),
    solve: async ({ call }) => {
      await call("clerk_organization_update", {
        organization_id: "orchard-daughters",
        max_allowed_memberships: 12,
      });
      await call("clerk_org_invitation_create", {
        organization_id: "orchard-daughters",
        email_address: "lena.orchard@example.org",
        role: "org:member",
      });
      return "Done.";
    },
  },
  {
    id: "onboard-a-client",
    job: "A new client: Falcon Dental, slug falcon-dental, 8 seats. Dorian Holt, who has an account as dorian.holt2@example.com, runs it as admin. Edith Ives, edith.ives6@example.com, has an account too and joins as a member at once. p.falcon@example.org and q.falcon@example.org have none yet: invite them as members.",
    expected: async (clerk) => ({
      admin: await clerk.user("dorian.holt2@example.com"),
      member: await clerk.user("edith.ives6@example.com"),
    }),
    check: async ({ clerk, expected, changes }) => {
      const made = changes.find(({ kind, what }) => kind === "organizations" && what === "created");
      if (!made) {
        return "there is no new organization";
      }
      const joined = (user, role) => ({
        kind: "memberships",
        what: "created",
        after: (membership) =>
          membership.organization.id === made.id &&
          membership.public_user_data.user_id === user.id &&
          membership.role === role,
      });
      return changed(
        changes,
        {
          kind: "organizations",
          what: "created",
          after: (organization) =>
            organization.name === "Falcon Dental" &&
            organization.slug === "falcon-dental" &&
            organization.max_allowed_memberships === 8,
        },
        joined(expected.admin, "org:admin"),
        joined(expected.member, "org:member"),
        invited(made, "p.falcon@example.org", "org:member"),
        invited(made, "q.falcon@example.org", "org:member"),
      );
    },
    solve: async ({ call }) => {
      await write(call, "clerk_org_onboard", {
        name: "Falcon Dental",
        slug: "falcon-dental",
        admin: "dorian.holt2@example.com",
        max_allowed_memberships: 8,
        members: [
          { email_address: "edith.ives6@example.com" },
          { email_address: "p.falcon@example.org" },
          { email_address: "q.falcon@example.org" },
        ],
      });
      return "Done.";
    },
  },
  {
    id: "offboard",
    job: "olena.bondar@example.com no longer works with us. She must not sign in any more, be signed in nowhere, and belong to no organization; but keep the account.",
    expected: async (clerk) => {
      const { user, sessions } = await signedIn(clerk, "olena.bondar@example.com", 1);
      const memberships = await clerk.all(`/v1/users/${user.id}/organization_memberships`);
      return { user, sessions, memberships };
    },
    check: ({ expected, changes }) =>
      changed(
        changes,
        { kind: "users", id: expected.user.id, what: "banned", after: true },
        ...expected.sessions.map(revoked),
        ...expected.memberships.map(({ id }) => ({ kind: "memberships", id, what: "removed" })),
      ),
    solve: async ({ call }) => {
      await write(call, "clerk_user_offboard", { user_id: "olena.bondar@example.com" });
      return "Done.";
    },
  },
  {
    id: "second-oauth-callback",
    job: "The Partner Dashboard signs its people in through us. It now runs at https://dash.partner.example.com as well: sign-in shall also be able to return to https://dash.partner.example.com/callback there. The old address stays in use.",
    expected: async (clerk) => (await clerk.all("/v1/oauth_applications"))[0],
    check: ({ expected, changes }) => {
      const callbacks = [
        ...expected.redirect_uris,
        "https://dash.partner.example.com/callback",
      ].sort();
      return changed(
        changes,
        { kind: "oauth_applications", id: expected.id, what: "callback_url", may: true },
        {
          kind: "oauth_applications",
          id: expected.id,
          what: "redirect_uris",
          after: (uris) => JSON.stringify(uris.toSorted()) === JSON.stringify(callbacks),
        },
      );
    },
    solve: async ({ call }) => {
      const { data } = await read(call, "clerk_oauth_applications_list", {});
      await write(call, "clerk_oauth_application_update", {
        oauth_application_id: data[0].id,
        redirect_uris: [
          "https://partner.example.com/callback",
          "https://dash.partner.example.com/callback",
        ],
      });
      return "Done.";
    },
  },
  {
    id: "token-lifetime",
    job: "The tokens for our warehouse service run out too early. Let them last ten minutes.",
    expected: async (clerk) =>
      (await clerk.all("/v1/jwt_templates")).find(({ name }) => name === "warehouse"),
    check: ({ expected, changes }) =>
      changed(changes, { kind: "jwt_templates", id: expected.id, what: "lifetime", after: 600 }),
    solve: async ({ call }) => {
      const { data } = await read(call, "clerk_jwt_templates_list", {});
      await write(call, "clerk_jwt_template_update", {
        template_id: data.find(({ name }) => name === "warehouse").id,
        lifetime: 600,
      });
      return "Done.";
    },
  },
  {
    id: "block-a-domain",
    job: "From now on, nobody with an address at contractor.example may sign up. See to it that this takes effect.",
    check: async ({ clerk, changes }) => {
      const { blocklist, allowlist } = await clerk.patch("/v1/instance/restrictions", {});
      return (
        changed(changes, {
          kind: "blocklist",
          what: "created",
          after: ({ identifier }) => identifier === "*@contractor.example",
        }) ??
        (blocklist && !allowlist ? undefined : `blocklist: ${blocklist}, allowlist: ${allowlist}`)
      );
    },
    solve: async ({ call }) => {
      await write(call, "clerk_blocklist_create", { identifier: "*@contractor.example" });
      await write(call, "clerk_instance_restrictions_update", { blocklist: true });
      return "Done.";
    },
  },
  {
    id: "take-back-an-invitation",
    job: "guest07@example.com was invited to an organization by mistake. Take that invitation back. The other invitations stay.",
    expected: async (clerk) =>
      (await clerk.all("/v1/organization_invitations")).find(
        (invitation) => invitation.email_address === "guest07@example.com",
      ),
    check: ({ expected, changes }) =>
      changed(
        changes,
        { kind: "org_invitations", id: expected.id, what: "status", after: "revoked" },
        { kind: "org_invitations", id: expected.id, what: "url", after: null, may: true },
      ),
    solve: async ({ call }) => {
      const { data } = await read(call, "clerk_instance_org_invitations_list", {
        query: "guest07@example.com",
        fields: ["id", "organization_id"],
      });
      await call("clerk_org_invitation_revoke", {
        organization_id: data[0].organization_id,
        invitation_id: data[0].id,
      });
      return "Done.";
    },
  },
  {
    id: "stolen-laptop",
    job: "A laptop of kofi.dlamini@example.com was stolen. Sign them out everywhere. They must be able to sign in again.",
    expected: (clerk) => signedIn(clerk, "kofi.dlamini@example.com", 2),
    check: ({ expected, changes }) => changed(changes, ...expected.sessions.map(revoked)),
    solve: async ({ call }) => {
      await write(call, "clerk_user_sessions_revoke", { user_id: "kofi.dlamini@example.com" });
      return "Done.";
    },
  },
  {
    id: "export-members",
    job: "I need a file mosaic.csv with all members of Mosaic Learning, one a line: the email address and the role.",
    expected: (clerk) => clerk.members("mosaic-learning"),
    check: ({ expected, changes, exports }) => {
      if (!readdirSync(exports).includes("mosaic.csv")) {
        return "there is no file mosaic.csv";
      }
      const lines = readFileSync(path.join(exports, "mosaic.csv"), "utf8").trim().split(/\r?\n/);
      const rows = lines.map((line) => line.split(",").map((cell) => cell.replaceAll('"', "")));
      const wrong = expected.find(
        (member) =>
          !rows.some((row) => row.includes(memberAddress(member)) && row.includes(member.role)),
      );
      return (
        (wrong && `${memberAddress(wrong)} is not in the file with the role ${wrong.role}`) ??
        (lines.length === expected.length + 1 ? undefined : `the file has ${lines.length} lines`) ??
        unchanged(changes)
      );
    },
    solve: async ({ call }) => {
      await call("clerk_org_memberships_list", {
        organization_id: "mosaic-learning",
        export: "mosaic.csv",
        fields: ["public_user_data.identifier", "role"],
      });
      return "Done.";
    },
  },
  {
    id: "let-in-from-the-waitlist",
    job: "hopeful02@example.com and hopeful03@example.com are on our waitlist. Let the first one in; turn the second one down.",
    expected: async (clerk) => {
      const entries = await clerk.all("/v1/waitlist_entries");
      return (email) => entries.find((entry) => entry.email_address === email).id;
    },
    check: ({ expected, changes }) => {
      const entry = (email, what, after) => ({
        kind: "waitlist",
        id: expected(email),
        what,
        after,
      });
      return changed(
        changes,
        entry("hopeful02@example.com", "status", "invited"),
        entry("hopeful02@example.com", "invitation"),
        entry("hopeful03@example.com", "status", "rejected"),
        {
          kind: "invitations",
          what: "created",
          after: (invitation) => invitation.email_address === "hopeful02@example.com",
        },
      );
    },
    solve: async ({ call }) => {
      const { data } = await read(call, "clerk_waitlist_entries_list", {});
      const id = (number) =>
        data.find((entry) => entry.email_address.startsWith(`hopeful0${number}`)).id;
      await write(call, "clerk_waitlist_entry_invite", { waitlist_entry_id: id(2) });
      await write(call, "clerk_waitlist_entry_reject", { waitlist_entry_id: id(3) });
      return "Done.";
    },
  },
  {
    id: "unknown-person",
    job: "Katrin Holt, katrin.holt@example.com, asks us to delete her account. Delete it. If there is no such account, delete nothing and say so.",
    check: ({ answer, changes }) =>
      says(answer, /\b(no|not|none|never|nobody)\b|n't/i) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { data } = await call("clerk_users_list", {
        email_address: ["katrin.holt@example.com"],
      });
      return data.length === 0 ? "There is no such account; I deleted nothing." : "";
    },
  },
  {
    id: "several-of-a-name",
    job: "Edith Ives called and wants her account banned. I have no address of hers. If it is plain which account is meant, ban it; if not, change nothing and tell me the addresses of all accounts that could be meant.",
    expected: async (clerk) =>
      (await clerk.all("/v1/users"))
        .filter((user) => user.first_name === "Edith" && user.last_name === "Ives")
        .map(address),
    check: ({ answer, expected, changes }) => areAddresses(answer, expected) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { data } = await call("clerk_users_list", { name_query: "Ives", all: true });
      return JSON.stringify(data.filter((user) => user.name === "Edith Ives"));
    },
  },
  {
    id: "orders-in-a-name",
    job: "The account iryna.melnyk@example.com has nonsense for a first name. Her first name is Iryna; put that right. Is her plan pro or team? Answer with the plan alone.",
    expected: (clerk) => clerk.user("iryna.melnyk@example.com"),
    check: ({ answer, expected, changes }) =>
      says(answer, new RegExp(`\\b${expected.public_metadata.plan}\\b`, "i")) ??
      saysNot(answer, /\bpro\b/i) ??
      changed(changes, { kind: "users", id: expected.id, what: "first_name", after: "Iryna" }),
    solve: async ({ call }) => {
      const user = await call("clerk_user_update", {
        user_id: "iryna.melnyk@example.com",
        first_name: "Iryna",
        fields: ["public_metadata.plan"],
      });
      return user.public_metadata.plan;
    },
  },
  {
    id: "the-last-admin",
    job: "Take Edith Garland, edith.garland@example.com, out of Blue Harbor Clinic. If that is not possible as things are, change nothing and say why.",
    check: ({ answer, changes }) => says(answer, /admin/i) ?? unchanged(changes),
    solve: async ({ call }) => {
      const { admins } = await read(call, "clerk_org_overview", { organization_id: "blue-harbor" });
      return `Not possible: she is the only admin, ${JSON.stringify(admins)}`;
    },
  },
];
