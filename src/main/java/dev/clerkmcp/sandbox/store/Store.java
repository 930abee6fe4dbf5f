package dev.clerkmcp.sandbox.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All objects of the sandbox's instance, with all-or-nothing changes. The seed and the sequence of
 * requests decide every byte of it. Not thread-safe: the sandbox carries out one request at a time.
 */
public final class Store {
  /** The field of a row for the sandbox's own data, such as a password's hash. */
  public static final String HIDDEN = "_sandbox";

  /** The version of the file format; a file of another version is rejected. */
  private static final int FORMAT = 1;

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final long seed;
  private final SandboxClock clock;
  private final Map<ObjectKind, Table> tables = new EnumMap<>(ObjectKind.class);
  private long serial;
  private @Nullable Deque<Runnable> undo;
  private final Map<String, Change> changes = new LinkedHashMap<>();
  private Consumer<List<Change>> committed = changed -> {};

  /**
   * What a transaction did to one object.
   *
   * @param before null if it is new
   * @param after null if it is gone
   */
  public record Change(ObjectKind kind, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

  /** Creates an empty store. */
  public Store(long seed, SandboxClock clock) {
    this.seed = seed;
    this.clock = clock;
    for (ObjectKind kind : ObjectKind.values()) {
      tables.put(kind, new Table(kind, this));
    }
    declareIndexes();
  }

  private void declareIndexes() {
    table(ObjectKind.USER)
        .unique("email_address", "email_address", proven("email_addresses", "email_address"))
        .unique("phone_number", "phone_number", proven("phone_numbers", "phone_number"))
        .unique("web3_wallet", "web3_wallet", each("web3_wallets", "web3_wallet"))
        .unique("username", "username", one("username"))
        .unique("external_id", "external_id", exactly("external_id"))
        .searched(Store::textOfUser)
        .indexed(
            "identification",
            row ->
                Stream.of("email_addresses", "phone_numbers", "web3_wallets", "passkeys")
                    .flatMap(list -> items(row, list))
                    .map(item -> item.path("id").asText()));
    table(ObjectKind.ORGANIZATION).unique("slug", "slug", one("slug"));
    table(ObjectKind.ORGANIZATION_MEMBERSHIP).indexed("organization_id").indexed("user_id");
    table(ObjectKind.ORGANIZATION_INVITATION).indexed("organization_id");
    table(ObjectKind.ORGANIZATION_DOMAIN).indexed("organization_id");
    table(ObjectKind.SESSION).indexed("user_id").indexed("client_id");
    for (ObjectKind keyed : List.of(ObjectKind.PERMISSION, ObjectKind.ROLE, ObjectKind.ROLE_SET)) {
      table(keyed).unique("key", "key", one("key"));
    }
  }

  /** The number that decides the objects at the beginning, and the instance's signing key. */
  public long seed() {
    return seed;
  }

  /** The objects of a kind. */
  public Table table(ObjectKind kind) {
    return Objects.requireNonNull(tables.get(kind));
  }

  /** The current time in milliseconds since 1970. */
  public long now() {
    return clock.now();
  }

  /**
   * Shows another time until {@link #clearTimeOverride}.
   *
   * @param millis the time in milliseconds since 1970
   */
  public void overrideTime(long millis) {
    clock.override(millis);
  }

  /** Shows the clock's own time again. */
  public void clearTimeOverride() {
    clock.clearOverride();
  }

  /**
   * A new id: the prefix and 27 letters and digits. The first ones are a counter, so that ids sort
   * by creation like Clerk's.
   */
  public String newId(String prefix) {
    long number = ++serial;
    StringBuilder id = new StringBuilder(prefix).append('3');
    for (long unit = 62L * 62 * 62 * 62 * 62; unit > 0; unit /= 62) {
      id.append(DIGITS.charAt((int) (number / unit % 62)));
    }
    SplittableRandom random = random(number);
    for (int i = 0; i < 20; i++) {
      id.append(DIGITS.charAt(random.nextInt(62)));
    }
    return id.toString();
  }

  /** A new id for an object of the kind. */
  public String newId(ObjectKind kind) {
    return newId(kind.prefix());
  }

  /** A new id of the prefix and 32 hexadecimal digits, the form for keys and machine tokens. */
  public String newHexId(String prefix) {
    long number = ++serial;
    return prefix + String.format(Locale.ROOT, "%016x%016x", number, random(number).nextLong());
  }

  /**
   * A new credential that cannot be mistaken for a real one: {@code sandbox_<type>_<number>}.
   *
   * @param type such as {@code client_secret}; with a prefix by which Clerk's libraries tell
   *     credentials apart, such as {@code ak_sandbox}, it comes first
   */
  public String newSecret(String type) {
    long number = ++serial;
    return String.format(
        Locale.ROOT,
        "%s_%08x%08x",
        type.contains("_sandbox") ? type : "sandbox_" + type,
        number,
        random(number).nextInt());
  }

  /**
   * Runs work in a transaction: if it throws, every change is undone.
   *
   * @param save saves the store after the work; if it throws, the changes are undone as well
   */
  public <T> T change(Supplier<T> work, Runnable save) {
    Deque<Runnable> steps = new ArrayDeque<>();
    long serialBefore = serial;
    long timeBefore = clock.ticks();
    undo = steps;
    changes.clear();
    boolean done = false;
    try {
      clock.tick();
      T result = work.get();
      save.run();
      done = true;
      committed.accept(List.copyOf(changes.values()));
      return result;
    } finally {
      undo = null;
      if (!done) {
        steps.forEach(Runnable::run);
        serial = serialBefore;
        clock.reset(timeBefore);
      }
    }
  }

  /** Tells a listener of the changes of each transaction, after it is saved. */
  public void onCommit(Consumer<List<Change>> listener) {
    committed = listener;
  }

  /** Registers a change of a row, and how to undo it; the last change is undone first. */
  void changed(
      ObjectKind kind,
      String id,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      Runnable step) {
    if (undo != null) {
      undo.push(step);
      changes.merge(
          kind + id,
          new Change(kind, before, after),
          (first, last) -> new Change(kind, first.before(), last.after()));
    }
  }

  /** The whole store as JSON. */
  public ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("clerk_mcp_sandbox", FORMAT)
            .put("seed", seed)
            .put("now", now())
            .put("serial", serial);
    ObjectNode all = json.putObject("objects");
    for (Table table : tables.values()) {
      if (table.size() > 0) {
        ArrayNode rows = all.putArray(table.kind().object());
        table.rows().forEach(rows::add);
      }
    }
    return json;
  }

  /**
   * Reads a store that {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if it has another form; the message completes the sentence
   *     "The file ..."
   */
  public static Store fromJson(JsonNode json, SandboxClock clock) {
    if (json.path("clerk_mcp_sandbox").asInt() != FORMAT
        || !json.path("seed").isIntegralNumber()
        || !json.path("now").isIntegralNumber()
        || !json.path("serial").isIntegralNumber()
        || !json.path("objects").isObject()) {
      throw new IllegalArgumentException("does not hold a sandbox of this version");
    }
    Store store = new Store(json.path("seed").asLong(), clock);
    for (Map.Entry<String, JsonNode> kind : json.path("objects").properties()) {
      Table table = store.table(kindOf(kind.getKey()));
      if (!kind.getValue().isArray()) {
        throw new IllegalArgumentException("has no list of each %s".formatted(kind.getKey()));
      }
      for (JsonNode row : kind.getValue()) {
        if (!(row instanceof ObjectNode object) || !row.path("id").isTextual()) {
          throw new IllegalArgumentException("has a %s without id".formatted(kind.getKey()));
        }
        if (table.find(row.path("id").asText()) != null) {
          throw duplicate(row, kind.getKey());
        }
        try {
          table.add(object);
        } catch (ApiError e) {
          throw duplicate(row, kind.getKey());
        }
      }
    }
    store.serial = json.path("serial").asLong();
    clock.reset(json.path("now").asLong());
    return store;
  }

  private static IllegalArgumentException duplicate(JsonNode row, String kind) {
    return new IllegalArgumentException(
        "has a %s twice: %s".formatted(kind, row.path("id").asText()));
  }

  private static ObjectKind kindOf(String object) {
    try {
      return ObjectKind.valueOf(object.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has objects of an unknown kind: " + object, e);
    }
  }

  private SplittableRandom random(long number) {
    return new SplittableRandom(seed * 31 + number);
  }

  private static Function<ObjectNode, Stream<String>> exactly(String field) {
    return row -> row.hasNonNull(field) ? Stream.of(row.path(field).asText()) : Stream.empty();
  }

  private static Function<ObjectNode, Stream<String>> one(String field) {
    return row -> exactly(field).apply(row).map(Store::lower);
  }

  /** Only a proven contact is unique: others may be several users' until one verifies it. */
  private static Function<ObjectNode, Stream<String>> proven(String list, String field) {
    return row ->
        items(row, list).filter(ClerkUser::isProven).map(item -> lower(item.path(field).asText()));
  }

  private static Function<ObjectNode, Stream<String>> each(String list, String field) {
    return row -> items(row, list).map(item -> lower(item.path(field).asText()));
  }

  /** The text of a user that the parameter {@code query} searches, one value a line. */
  private static String textOfUser(ObjectNode user) {
    Stream<String> names =
        Stream.of(
            user.path("first_name").asText("") + " " + user.path("last_name").asText(""),
            user.path("username").asText(""),
            user.path("id").asText());
    Stream<String> addresses =
        Stream.of(
                each("email_addresses", "email_address"),
                each("phone_numbers", "phone_number"),
                each("web3_wallets", "web3_wallet"))
            .flatMap(list -> list.apply(user));
    return Stream.concat(names, addresses)
        .collect(Collectors.joining("\n"))
        .toLowerCase(Locale.ROOT);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Stream<JsonNode> items(ObjectNode row, String list) {
    return StreamSupport.stream(row.path(list).spliterator(), false);
  }
}
