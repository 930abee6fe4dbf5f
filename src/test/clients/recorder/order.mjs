// Gives an order to what may come in any: a tool reads from Clerk in several threads, so only what
// changes something has a certain place.

/** Requests to Clerk. */
export function requests(all) {
  return readsSorted(
    all,
    ({ method }) => method === "GET",
    ({ path }) => path,
  );
}

/** Lines of an audit log, or of another file. */
export function auditLines(lines) {
  const isRead = (line) => line.includes('"route":"GET ');
  return readsSorted(lines, isRead, (line) =>
    line.replace(/"(?:time|prev)":"[^"]*"|"duration_ms":\d+/g, ""),
  );
}

/** Lines of standard error, without the number of the thread and how long a request took. */
export function logLines(lines) {
  const known = lines.map((line) =>
    line.replace(/^\[call-\d+\]/, "[call]").replace(/\b\d+ ms\b/, "<duration>"),
  );
  const isRead = (line) => line.includes("ClerkClient - GET ");
  return readsSorted(known, isRead, (line) => line);
}

/** Answers to lines that were sent at once. */
export function byId(messages) {
  const key = ({ id }) => JSON.stringify(id ?? null);
  return [...messages].sort((a, b) => compare(key(a), key(b)));
}

/** How often progress is told depends on the machine. What counts is that it grows. */
export function withoutBeats(messages) {
  const kept = [];
  let latest;
  for (const message of messages) {
    const beat = message.method === "notifications/progress" ? message.params : undefined;
    const grows =
      beat?.progressToken === latest?.progressToken &&
      beat?.message === latest?.message &&
      beat?.progress > latest?.progress;
    if (!grows) {
      kept.push(beat ? { ...message, params: { ...beat, progress: "<seconds>" } } : message);
    }
    latest = beat;
  }
  return kept;
}

/** Sorts each run of reads and leaves everything else where it is. */
function readsSorted(all, isRead, key) {
  const ordered = [];
  let reads = [];
  const flush = () => {
    ordered.push(...reads.sort((a, b) => compare(key(a), key(b))));
    reads = [];
  };
  for (const each of all) {
    if (isRead(each)) {
      reads.push(each);
    } else {
      flush();
      ordered.push(each);
    }
  }
  flush();
  return ordered;
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
