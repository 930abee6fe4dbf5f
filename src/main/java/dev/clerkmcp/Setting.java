package dev.clerkmcp;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lists every setting of the server: its environment variable, the flag that overrides the
 * variable, the allowed values, the default, and a description.
 *
 * <p>README's tables, {@code --help}, error messages and the check for unknown variables are made
 * from these constants, so that no other class spells a name. The constants stand in README's
 * order.
 */
public enum Setting {
  SECRET_KEY(
      "CLERK_SECRET_KEY",
      Allowed.SECRET,
      "",
      "Secret key of the instance, `sk_test_...` or `sk_live_...`. Without one the server starts and"
          + " lists its tools; every call says how to set it."),
  SECRET_KEY_FILE("CLERK_SECRET_KEY_FILE", Allowed.PATH, "", "File that holds the key instead."),
  API_URL(
      "CLERK_API_URL",
      Allowed.of(Kind.URL, "a URL such as https://api.clerk.com"),
      "https://api.clerk.com",
      "Address of Clerk's API, with or without `/v1`. It must begin with `https://`, except on this"
          + " computer."),
  API_PREFIX(
      "CLERK_MCP_API_PREFIX",
      Allowed.text("a path that begins with /, such as /v1"),
      "/v1",
      "Path that is appended to `CLERK_API_URL`, unless the address ends with it. `/` appends"
          + " nothing, for mock servers such as Prism that serve the API at their root."),
  TIMEOUT(
      "CLERK_MCP_TIMEOUT",
      Allowed.seconds(1, 600),
      "45",
      "Longest time that a call to Clerk may take, retries included"),
  PACING(
      "CLERK_MCP_PACING",
      Allowed.SWITCH,
      "true",
      "Makes calls wait, so that they keep to Clerk's rate limits; a call that would wait longer than"
          + " the timeout fails and says when to retry. `false` is for mock servers without limits."),
  TRACEPARENT(
      "CLERK_MCP_TRACEPARENT",
      Allowed.SWITCH,
      "false",
      "Sends the `traceparent` in a call's `_meta` to Clerk as a header, if it has the form"
          + " of W3C Trace Context."),
  LOG_LEVEL(
      "CLERK_MCP_LOG_LEVEL",
      Allowed.oneOf("error", "warn", "info", "debug"),
      "warn",
      "Lowest level that is logged: `error`, `warn`, `info` or `debug`. The log goes to stderr and holds neither keys nor"
          + " arguments."),

  HTTPS_PROXY(
      "HTTPS_PROXY",
      Allowed.SECRET,
      "",
      "Proxy between the server and Clerk: `http://user:password@host:port` or `socks5://host:port`."
          + " Lower case works too, here and in the next two."),
  ALL_PROXY("ALL_PROXY", Allowed.SECRET, "", "The same, if `HTTPS_PROXY` is not set."),
  NO_PROXY(
      "NO_PROXY",
      Allowed.TEXT,
      "",
      "Hosts that are reached without the proxy, separated by commas: names (with all their"
          + " subdomains), IP addresses, networks such as `10.0.0.0/8`, or `*`. This computer is"
          + " never reached through it."),
  NODE_EXTRA_CA_CERTS(
      "NODE_EXTRA_CA_CERTS",
      Allowed.PATH,
      "",
      "PEM file with certificate authorities that are trusted in addition to Java's."),
  SSL_CERT_FILE(
      "SSL_CERT_FILE", Allowed.PATH, "", "Another PEM file with certificate authorities."),

  // Claude Code cuts answers at 25,000 tokens of its own, which are up to 1.2 of these by
  // TokenEstimate, within 10 %; notes need up to 1,000. Below 500 an answer could not say what it
  // leaves out.
  MAX_RESULT_TOKENS(
      "CLERK_MCP_MAX_RESULT_TOKENS",
      Allowed.number(500, 1_000_000),
      "18000",
      "Most tokens (o200k) of an answer"),
  EXPORT_DIR(
      "CLERK_MCP_EXPORT_DIR",
      Allowed.PATH,
      "",
      "Folder for the files that `export` writes. Without it, none are written."),
  EXPORT_BOM(
      "CLERK_MCP_EXPORT_BOM",
      Allowed.SWITCH,
      "false",
      "Begins CSV files with the UTF-8 mark, without which Excel misreads letters such as `\u00e9`."),
  UPLOAD_DIR(
      "CLERK_MCP_UPLOAD_DIR",
      Allowed.PATH,
      "",
      "Folder with the images that hosts may upload, directly or in folders of it. Without it, they"
          + " upload none; `clerk-mcp call` takes any path."),
  OUTPUT_SCHEMAS(
      "CLERK_MCP_OUTPUT_SCHEMAS",
      Allowed.SWITCH,
      "true",
      "Lists output schemas and returns structured content. `false` saves tokens in hosts that bill"
          + " both."),
  FREE_FORM(
      "CLERK_MCP_FREE_FORM",
      Allowed.oneOf("object", "string"),
      "object",
      "Declares metadata and other free-form objects as `object` or as `string` of JSON, for"
          + " hosts whose model refuses open objects (Gemini, OpenAI's strict mode); both are"
          + " taken."),

  ACCESS(
      "CLERK_MCP_ACCESS",
      "--access",
      Allowed.oneOf("read", "write", "full"),
      "full",
      "What tools may do: `read`; `write`, which creates and updates; or `full`, which also destroys."),
  READ_ONLY(
      "CLERK_MCP_READ_ONLY",
      "--read-only",
      Allowed.SWITCH,
      "false",
      "Allows only reading, regardless of the access level."),
  ALLOW_IRREVERSIBLE(
      "CLERK_MCP_ALLOW_IRREVERSIBLE",
      "--allow-irreversible",
      Allowed.SWITCH,
      "false",
      "With a live key, allows calls that cannot be undone or concern the whole instance (the"
          + " toolset `instance`). By default they are refused."),

  CONFIRM(
      "CLERK_MCP_CONFIRM",
      Allowed.oneOf("auto", "always", "never"),
      "auto",
      "When a call that can do harm needs a person's yes: `always`, `never`, or `auto`, which means"
          + " with live keys."),
  CONFIRM_BY(
      "CLERK_MCP_CONFIRM_BY",
      Allowed.oneOf("auto", "person", "code"),
      "auto",
      "How the person says yes. `auto`: in a dialog of the host (MCP's elicitation) or, if the host has"
          + " none, with a one-time code that the model passes on. `person`: only in a dialog or a"
          + " terminal, never with a code. `code`: never in a dialog, for hosts that declare one and"
          + " decline at once."),
  SENSITIVE_METADATA(
      "CLERK_MCP_SENSITIVE_METADATA",
      Allowed.NAMES,
      "role,roles,admin,is_admin,permissions",
      "Keys of metadata that your application reads as rights; a change of them is a risk, also in"
          + " another spelling or as a word of a longer key, such as `userRole`. A value given here"
          + " replaces the default."),
  CONFIRM_TIMEOUT(
      "CLERK_MCP_CONFIRM_TIMEOUT",
      Allowed.seconds(1, 3600),
      "300",
      "Longest time that a person may take to answer"),
  DRY_RUN(
      "CLERK_MCP_DRY_RUN",
      Allowed.SWITCH,
      "false",
      "Makes every call that would change something a dry run."),
  POLICY(
      "CLERK_MCP_POLICY",
      Allowed.PATH,
      "",
      "JSON file with rules. The first matching rule decides; if none matches, the other safety"
          + " settings apply. The server does not start if the file has a mistake."),
  LIMITS(
      "CLERK_MCP_LIMITS",
      Allowed.text(
          "pairs such as emails=200,removed=50 of emails, changed, removed and granted, or none"),
      "emails=200,changed=500,removed=50,granted=50",
      "Most that is done in an hour on live keys without a person's approval: `emails` sent, people"
          + " or objects `changed` and `removed`, credentials, rights and ways in `granted`. `emails=0`"
          + " forbids, `emails=none` lifts one limit, `none` lifts all; a kind that is not named keeps"
          + " its default."),
  SECRETS_DIR(
      "CLERK_MCP_SECRETS_DIR",
      Allowed.PATH,
      "",
      "Folder for credentials that Clerk shows only once. Without it:"
          + " `~/.local/state/clerk-mcp/secrets`, or your system's folder for application data."),
  REVEAL_SECRETS(
      "CLERK_MCP_REVEAL_SECRETS",
      Allowed.SWITCH,
      "false",
      "Shows credentials in answers; the server says so on stderr when it starts."),
  PII(
      "CLERK_MCP_PII",
      Allowed.oneOf("show", "mask"),
      "show",
      "Whether answers `show` personal data or `mask` it, as `j***@example.com`, for demonstrations and"
          + " for models that you do not run."),
  PRIVATE_METADATA(
      "CLERK_MCP_PRIVATE_METADATA",
      Allowed.oneOf("on_request", "never"),
      "on_request",
      "Whether answers show private metadata if a call says `include_private: true` (`on_request`),"
          + " or `never`."),
  AUDIT_LOG(
      "CLERK_MCP_AUDIT_LOG",
      Allowed.PATH,
      "",
      "File to which a line of JSON is appended before and after each request that changes something"
          + " or reveals a credential, and for each that is refused or a dry run. The folder must exist; the file gets the"
          + " permissions 0600."),
  AUDIT_MAX_MB(
      "CLERK_MCP_AUDIT_MAX_MB",
      Allowed.number(1, 100_000),
      "100",
      "Size in MB at which the audit log is renamed to `<name>.1`, `<name>.2` and so on, and a new"
          + " file continues its chain"),
  AUDIT_READS(
      "CLERK_MCP_AUDIT_READS", Allowed.SWITCH, "false", "Also records requests that only read."),
  INSTANCES(
      "CLERK_MCP_INSTANCES",
      Allowed.PATH,
      "",
      "JSON file that names several instances, in place of `CLERK_SECRET_KEY`."),

  TOOLSETS(
      "CLERK_MCP_TOOLSETS",
      "--toolsets",
      Allowed.NAMES,
      "core",
      "Toolsets to list, separated by commas."),
  TOOLS(
      "CLERK_MCP_TOOLS",
      "--tools",
      Allowed.NAMES,
      "",
      "Further tools to list, by name; `*` stands for anything."),
  EXCLUDE_TOOLS(
      "CLERK_MCP_EXCLUDE_TOOLS",
      "--exclude-tools",
      Allowed.NAMES,
      "",
      "Tools to switch off: neither listed nor callable, regardless of the other settings."),
  DEPRECATED(
      "CLERK_MCP_DEPRECATED",
      "--deprecated",
      Allowed.SWITCH,
      "false",
      "Switches on the tools for endpoints that Clerk has deprecated."),

  SANDBOX(
      "CLERK_MCP_SANDBOX",
      "--sandbox",
      Allowed.SWITCH,
      "false",
      "Works with made-up users in memory, not with Clerk. The other settings of the sandbox need"
          + " it."),
  SANDBOX_SEED(
      "CLERK_MCP_SANDBOX_SEED",
      Allowed.SEED,
      "1",
      "Seed that decides which users and other objects there are"),
  SANDBOX_USERS(
      "CLERK_MCP_SANDBOX_USERS", Allowed.number(0, 100_000), "120", "Users at the beginning"),
  SANDBOX_CLOCK(
      "CLERK_MCP_SANDBOX_CLOCK",
      Allowed.text("a date such as 2026-06-01T09:00:00Z, or now for the real time"),
      "2026-06-01T09:00:00Z",
      "Time at the beginning, such as `2027-01-31T09:00:00Z`; `now` for the real time, which then goes"
          + " on."),
  SANDBOX_FILE(
      "CLERK_MCP_SANDBOX_FILE",
      Allowed.PATH,
      "",
      "JSON file that keeps the sandbox between runs. It is replaced as a whole after every change; a"
          + " damaged one is refused and left alone; one process may use it at a time."),
  SANDBOX_LATENCY(
      "CLERK_MCP_SANDBOX_LATENCY",
      Allowed.TEXT,
      "",
      "Milliseconds that every request waits: `200`, or `50-400` for anything between."),
  SANDBOX_FAULTS(
      "CLERK_MCP_SANDBOX_FAULTS",
      Allowed.TEXT,
      "",
      "Failures: `429`, `500`, `502`, `503`, `504`, `drop` (the connection breaks before the request"
          + " is carried out) or `lost` (after), each with the share of requests or the number of one:"
          + " `429:0.1,lost@3`."),
  SANDBOX_WEBHOOK_URL(
      "CLERK_MCP_SANDBOX_WEBHOOK_URL",
      Allowed.text("an http or https URL of this machine, such as http://localhost:3000/webhooks"),
      "",
      "URL on this machine to which the sandbox sends an event for every change, with Clerk's names and"
          + " Svix's signature.");

  /** Variables with this prefix belong to this server; any other name with it is a mistake. */
  private static final String OWN = "CLERK_MCP_";

  private final String variable;
  private final @Nullable String flag;

  @SuppressWarnings("ImmutableEnumChecker") // its list is one of List.of
  private final Allowed allowed;

  private final String byDefault;
  private final String doc;

  Setting(String variable, Allowed allowed, String byDefault, String doc) {
    this(variable, null, allowed, byDefault, doc);
  }

  Setting(String variable, @Nullable String flag, Allowed allowed, String byDefault, String doc) {
    this.variable = variable;
    this.flag = flag;
    this.allowed = allowed;
    this.byDefault = byDefault;
    this.doc = doc;
  }

  /** The environment variable, such as {@code CLERK_MCP_ACCESS}. */
  public String variable() {
    return variable;
  }

  /**
   * The lower-case form of a variable that other programs read in either case; null for all others.
   */
  public @Nullable String lowerCaseVariable() {
    return this == HTTPS_PROXY || this == ALL_PROXY || this == NO_PROXY
        ? variable.toLowerCase(Locale.ROOT)
        : null;
  }

  /** The flag that overrides the variable, such as {@code --access}; null if there is none. */
  public @Nullable String flag() {
    return flag;
  }

  public Allowed allowed() {
    return allowed;
  }

  /** The default value; empty if there is none. */
  public String defaultValue() {
    return byDefault;
  }

  /** The default of a setting whose values are numbers. */
  public int defaultNumber() {
    return Integer.parseInt(byDefault);
  }

  /** What the setting does, on one line of Markdown. */
  public String doc() {
    return allowed.kind() == Kind.NUMBER ? doc + ": " + allowed.expected() + "." : doc;
  }

  /** Whether a variable has the prefix of this server's own settings. */
  public static boolean isOwn(String variable) {
    return variable.startsWith(OWN);
  }

  /** Whether other programs read the variable too, so that its value may be valid only for them. */
  public boolean isShared() {
    return !variable.startsWith("CLERK_");
  }

  /** The environment variable, so that a message can name the setting. */
  @Override
  public String toString() {
    return variable;
  }

  /** The type of a setting's value. */
  public enum Kind {
    /** True or false, also written as 1, yes, on, 0, no or off. */
    SWITCH,
    /** One of a few words. */
    WORD,
    /** Names separated by commas or spaces. */
    NAMES,
    NUMBER,
    /** A file or a folder. */
    PATH,
    URL,
    TEXT,
    /** A secret, which no message may quote. */
    SECRET
  }

  /**
   * Says which values a setting takes.
   *
   * @param words all values of a {@link Kind#WORD}
   * @param expected completes "must be" in an error message; empty if the message is not of this
   *     form
   * @param least the smallest {@link Kind#NUMBER}
   * @param most the largest {@link Kind#NUMBER}
   */
  public record Allowed(Kind kind, List<String> words, String expected, long least, long most) {
    private static final Allowed SWITCH = of(Kind.SWITCH, "true or false");
    private static final Allowed NAMES = of(Kind.NAMES, "");
    private static final Allowed PATH = of(Kind.PATH, "");
    private static final Allowed TEXT = of(Kind.TEXT, "");
    private static final Allowed SECRET = of(Kind.SECRET, "");

    private static final long MAX_SEED = 999_999_999_999_999_999L;

    private static final Allowed SEED =
        new Allowed(
            Kind.NUMBER, List.of(), "a whole number of at most 18 digits", -MAX_SEED, MAX_SEED);

    private static Allowed of(Kind kind, String expected) {
      return new Allowed(kind, List.of(), expected, 0, 0);
    }

    private static Allowed text(String expected) {
      return of(Kind.TEXT, expected);
    }

    private static Allowed oneOf(String... words) {
      List<String> all = List.of(words);
      int last = all.size() - 1;
      String expected = String.join(", ", all.subList(0, last)) + " or " + all.get(last);
      return new Allowed(Kind.WORD, all, expected, 0, 0);
    }

    private static Allowed seconds(int least, int most) {
      return number("a number of seconds", least, most);
    }

    private static Allowed number(int least, int most) {
      return number("a whole number", least, most);
    }

    private static Allowed number(String what, int least, int most) {
      String expected = what + " from " + least + " to " + most;
      return new Allowed(Kind.NUMBER, List.of(), expected, least, most);
    }
  }
}
