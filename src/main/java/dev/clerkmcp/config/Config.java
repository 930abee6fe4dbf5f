package dev.clerkmcp.config;

import dev.clerkmcp.Lazy;
import dev.clerkmcp.clerk.Network;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.registry.ToolFilter;
import dev.clerkmcp.registry.text.NameSuggestions;
import dev.clerkmcp.sandbox.Sandbox;
import dev.clerkmcp.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a person can set, read from environment variables. An empty variable counts as unset, since
 * hosts pass those for settings left blank.
 *
 * @param key null if none is set: the server then starts all the same, and calls say how to set it
 * @param baseUrl the URL that paths are appended to, such as {@code https://api.clerk.com/v1}
 * @param network the way to Clerk
 * @param timeout the longest a call to Clerk may take, repeats included
 * @param logLevel error, warn, info or debug
 * @param pacing whether calls wait their turn under Clerk's rate limits
 * @param traceparent whether Clerk is told the trace that a call is part of
 * @param standard whether no variable of this server's own is set
 * @param toolsPart which tools are listed, and which are off
 * @param instances those that the person named; empty if there is one, which needs no name
 * @param railsPart what stands between callers and changes that nobody meant
 * @param sandbox null unless it stands in for Clerk; the key is then the sandbox's
 */
public record Config(
    @Nullable SecretKey key,
    String baseUrl,
    Network network,
    Duration timeout,
    String logLevel,
    boolean pacing,
    boolean traceparent,
    boolean standard,
    Lazy<ToolFilter> toolsPart,
    List<InstancesConfig.Named> instances,
    Lazy<InterceptorChain.Settings> railsPart,
    @Nullable SandboxSettings sandbox) {
  private static final String KEY = "CLERK_SECRET_KEY";
  private static final String KEY_FILE = "CLERK_SECRET_KEY_FILE";
  private static final String OURS = "CLERK_MCP_";
  private static final String TRACEPARENT = OURS + "TRACEPARENT";
  private static final String TIMEOUT = OURS + "TIMEOUT";
  private static final int TIMEOUT_SECONDS = 45;
  private static final String LOG_LEVEL = OURS + "LOG_LEVEL";
  private static final String PACING = OURS + "PACING";

  private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug");

  /**
   * Reads the environment.
   *
   * @throws ConfigException for the first mistake in it; the message names the variable, never a
   *     key
   */
  public static Config from(Map<String, String> environment) throws ConfigException {
    boolean standard = !hasOurs(environment);
    if (!standard) {
      refuseUnknown(environment);
    }
    SandboxSettings sandbox = standard ? null : SandboxConfig.from(environment);
    SecretKey key = key(environment);
    boolean standardUrl = standard && value(environment, ApiUrl.URL, "").isEmpty();
    String baseUrl = standardUrl ? ApiUrl.STANDARD : ApiUrl.from(environment);
    if (sandbox != null) {
      refuseBesideSandbox(environment, key);
    } else if (key != null && key.isSandbox() && !ApiUrl.isLocal(baseUrl)) {
      throw new ConfigException(
          "%s holds the sandbox's key; set %s=true as well.".formatted(KEY, SandboxConfig.SANDBOX));
    }
    List<InstancesConfig.Named> instances =
        standard ? List.of() : InstancesConfig.from(environment);
    if (!instances.isEmpty() && (key != null || sandbox != null)) {
      throw new ConfigException(
          "%s names the instances, so %s has no place beside it; remove one of them."
              .formatted(InstancesConfig.INSTANCES, sandbox == null ? KEY : SandboxConfig.SANDBOX));
    }
    SecretKey used = sandbox == null || key != null ? key : SecretKey.of(Sandbox.SECRET_KEY);
    Part<ToolFilter> tools = new ToolsPart(environment, used, instances);
    Part<InterceptorChain.Settings> rails = new RailsPart(environment);
    return new Config(
        used,
        sandbox == null ? baseUrl : Sandbox.BASE_URL,
        sandbox == null ? NetworkConfig.from(environment, baseUrl) : Network.DIRECT,
        seconds(environment, TIMEOUT, TIMEOUT_SECONDS, 600),
        logLevel(value(environment, LOG_LEVEL, "warn")),
        flag(environment, PACING, true),
        flag(environment, TRACEPARENT),
        standard,
        tools.lazy(standard),
        instances,
        rails.lazy(standard),
        sandbox);
  }

  /** Which tools are listed, and which are off. */
  public ToolFilter tools() {
    return toolsPart.get();
  }

  /** What stands between callers and changes that nobody meant. */
  public InterceptorChain.Settings rails() {
    return railsPart.get();
  }

  /** Most people set nothing but the key; a host then need not wait until all else is read. */
  private static boolean hasOurs(Map<String, String> environment) {
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith(OURS) && !variable.getValue().isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Who gives a real key or address does not expect made-up users, and the other way round. */
  private static void refuseBesideSandbox(Map<String, String> environment, @Nullable SecretKey key)
      throws ConfigException {
    if (key != null && !key.isSandbox()) {
      throw new ConfigException(
          "%s is true, and there is a key of a real instance; remove one of them."
              .formatted(SandboxConfig.SANDBOX));
    }
    for (String name : ApiUrl.ALL) {
      if (!value(environment, name, "").isEmpty()) {
        throw new ConfigException(
            "%s is true, so %s has no meaning; remove one of them."
                .formatted(SandboxConfig.SANDBOX, name));
      }
    }
  }

  /** Every variable of this server, for the check of misspelt ones. */
  public static List<String> allOurs() {
    List<String> all = new ArrayList<>(List.of(LOG_LEVEL, PACING, TIMEOUT, TRACEPARENT));
    all.addAll(AccessConfig.ALL);
    all.add(ApiUrl.PREFIX);
    all.addAll(InstancesConfig.ALL);
    all.addAll(PolicyConfig.ALL);
    all.addAll(AnswersConfig.ALL);
    all.addAll(RailsConfig.ALL);
    all.addAll(SandboxConfig.ALL);
    all.addAll(ToolsConfig.ALL);
    return List.copyOf(all);
  }

  /** A setting that is misspelt would silently not be in force, and some are safety rails. */
  private static void refuseUnknown(Map<String, String> environment) throws ConfigException {
    List<String> all = allOurs();
    for (String name : new TreeSet<>(environment.keySet())) {
      boolean known = !name.startsWith(OURS) || all.contains(name);
      if (!known && !value(environment, name, "").isEmpty()) {
        throw new ConfigException(
            "%s is not a setting%s."
                .formatted(name, NameSuggestions.hint(NameSuggestions.of(name, all, 1))));
      }
    }
  }

  private static @Nullable SecretKey key(Map<String, String> environment) throws ConfigException {
    String key = value(environment, KEY, "");
    String file = value(environment, KEY_FILE, "");
    if (!key.isEmpty() && !file.isEmpty()) {
      throw new ConfigException("Set %s or %s, not both.".formatted(KEY, KEY_FILE));
    }
    if (file.isEmpty()) {
      return key.isEmpty() ? null : key(KEY, key);
    }
    if (file.startsWith("sk_")) {
      throw new ConfigException("%s holds a key, not a file; use %s.".formatted(KEY_FILE, KEY));
    }
    return key("The file in " + KEY_FILE, KeyFile.contents(KEY_FILE, file));
  }

  private static SecretKey key(String source, String text) throws ConfigException {
    try {
      return SecretKey.of(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("%s %s.".formatted(source, e.getMessage()));
    }
  }

  private static String logLevel(String text) throws ConfigException {
    String level = text.toLowerCase(Locale.ROOT);
    if (LOG_LEVELS.contains(level)) {
      return level;
    }
    throw new ConfigException(
        "%s must be one of %s.".formatted(LOG_LEVEL, String.join(", ", LOG_LEVELS)));
  }

  /** A variable that is true or false, and false where nothing is said. */
  static boolean flag(Map<String, String> environment, String name) throws ConfigException {
    return flag(environment, name, false);
  }

  static boolean flag(Map<String, String> environment, String name, boolean otherwise)
      throws ConfigException {
    return switch (value(environment, name, Boolean.toString(otherwise))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(name + " must be true or false.");
    };
  }

  /** A variable that is a time in seconds, from one on. */
  static Duration seconds(Map<String, String> environment, String name, int otherwise, int most)
      throws ConfigException {
    return Duration.ofSeconds(number(environment, name, "a number of seconds", otherwise, 1, most));
  }

  /** A variable that is a whole number, and {@code otherwise} where nothing is said. */
  static int number(
      Map<String, String> environment, String name, int otherwise, int least, int most)
      throws ConfigException {
    return number(environment, name, "a number", otherwise, least, most);
  }

  private static int number(
      Map<String, String> environment, String name, String what, int otherwise, int least, int most)
      throws ConfigException {
    String text = value(environment, name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw new ConfigException("%s must be %s from %s to %s.".formatted(name, what, least, most));
    }
    return number;
  }

  /** A variable without the white space around it. */
  static String value(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  /** A part of the configuration that takes a while to read. */
  private abstract static class Part<T> implements Supplier<T> {
    /**
     * Reads it.
     *
     * @throws ConfigException for the first mistake
     */
    abstract T read() throws ConfigException;

    @Override
    public final T get() {
      try {
        return read();
      } catch (ConfigException e) {
        throw new IllegalStateException("It should have been checked", e);
      }
    }

    /**
     * Reads it now, or where nothing is set that could be wrong when it is first asked for, since a
     * host waits for the start.
     */
    final Lazy<T> lazy(boolean standard) throws ConfigException {
      return standard ? new Lazy<>(this) : Lazy.of(read());
    }
  }

  /** The choice of tools. */
  private static final class ToolsPart extends Part<ToolFilter> {
    private final Map<String, String> environment;
    private final @Nullable SecretKey key;
    private final List<InstancesConfig.Named> instances;

    ToolsPart(
        Map<String, String> environment,
        @Nullable SecretKey key,
        List<InstancesConfig.Named> instances) {
      this.environment = environment;
      this.key = key;
      this.instances = instances;
    }

    @Override
    ToolFilter read() throws ConfigException {
      return instances.isEmpty()
          ? ToolsConfig.from(environment, AccessConfig.from(environment, key))
          : InstancesConfig.tools(instances);
    }
  }

  /** The rails. */
  private static final class RailsPart extends Part<InterceptorChain.Settings> {
    private final Map<String, String> environment;

    RailsPart(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    InterceptorChain.Settings read() throws ConfigException {
      return RailsConfig.from(environment);
    }
  }
}
