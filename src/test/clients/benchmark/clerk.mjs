// A Clerk on loopback, in a thread of its own, so that what measures does not wait for what answers.
import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";

const ANSWER = { "Content-Type": "application/json" };
const users = workerData.users;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const wait = Number(url.pathname.match(/_after_(\d+)ms/)?.[1] ?? 0);
  const send = () => response.writeHead(200, ANSWER).end(JSON.stringify(body(url)));
  if (wait > 0) {
    setTimeout(send, wait);
  } else {
    send();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () =>
  parentPort.postMessage(`http://127.0.0.1:${server.address().port}`),
);

function body({ pathname, searchParams }) {
  if (pathname === "/v1/users/count") {
    return { object: "total_count", total_count: users };
  }
  if (pathname === "/v1/users") {
    const after = searchParams.get("starting_after");
    const begin = after === null ? 0 : Number(after.slice("user_".length)) + 1;
    const end = Math.min(users, begin + Number(searchParams.get("limit") ?? 10));
    return Array.from({ length: Math.max(0, end - begin) }, (_, i) => user(`user_${begin + i}`));
  }
  return user(pathname.split("/").at(-1));
}

/** About as much as Clerk tells of a user with one address. */
function user(id) {
  return {
    id,
    object: "user",
    username: null,
    first_name: "Ada",
    last_name: "Example",
    image_url: `https://img.example.com/${id}`,
    has_image: false,
    primary_email_address_id: `idn_${id}`,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    password_enabled: true,
    two_factor_enabled: false,
    totp_enabled: false,
    backup_code_enabled: false,
    email_addresses: [
      {
        id: `idn_${id}`,
        object: "email_address",
        email_address: `${id}@example.com`,
        reserved: false,
        verification: { status: "verified", strategy: "email_code", attempts: 1, expire_at: 1780000000000 },
        linked_to: [],
        created_at: 1760000000000,
        updated_at: 1760000000000,
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    passkeys: [],
    external_accounts: [],
    enterprise_accounts: [],
    public_metadata: { plan: "team", seats: 5 },
    unsafe_metadata: {},
    external_id: null,
    last_sign_in_at: 1780000000000,
    banned: false,
    locked: false,
    lockout_expires_in_seconds: null,
    verification_attempts_remaining: 100,
    created_at: 1760000000000,
    updated_at: 1780000000000,
    delete_self_enabled: true,
    create_organization_enabled: true,
    last_active_at: 1780000000000,
    profile_image_url: `https://img.example.com/${id}`,
  };
}
