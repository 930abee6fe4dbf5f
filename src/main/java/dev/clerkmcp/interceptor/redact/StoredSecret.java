package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.LoneSurrogates;
import dev.clerkmcp.registry.ClerkRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The credentials of one answer on their way into a file. */
final class StoredSecret {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int LONGEST_ID = 64;

  private final ClerkRequest operation;
  private final List<SecretRedactor.Found> found;
  private final Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final String tool;
  private final String id;
  private final String name;

  StoredSecret(ClerkRequest operation, JsonNode answer, List<SecretRedactor.Found> found) {
    this.operation = operation;
    this.found = found;
    this.tool = operation.context().tool().name();
    this.id = answer.path("id").asText(idInPath(operation));
    this.name = answer.path("name").asText("");
  }

  /**
   * Writes the file; the caller is told with the run's others where it is, or why there is none.
   */
  void keepIn(SecretStore folder) {
    StoredSecrets all = operation.context().attribute(StoredSecrets.class, StoredSecrets::new);
    try {
      all.kept(
          this, folder.keep(fileName(), LoneSurrogates.escaped(content().toPrettyString()) + "\n"));
    } catch (IOException e) {
      all.lost(this, "%s %s".formatted(folder.path(), e.getMessage()));
    }
  }

  private ObjectNode content() {
    ObjectNode content =
        Json.object()
            .put("tool", tool)
            .put("instance", operation.context().instance().name())
            .put("time", time.toString());
    if (!id.isEmpty()) {
      content.put("id", id);
    }
    if (!name.isEmpty()) {
      content.put("name", name);
    }
    ObjectNode secrets = content.putObject("secrets");
    ObjectNode owners = Json.object();
    for (SecretRedactor.Found secret : found) {
      secrets.set(secret.path(), secret.value());
      if (!secret.owner().isEmpty() && !secret.owner().equals(id)) {
        owners.put(secret.path(), secret.owner());
      }
    }
    if (!owners.isEmpty()) {
      content.set("ids", owners);
    }
    return content;
  }

  private String fileName() {
    List<String> parts = new ArrayList<>(List.of(FILE_TIME.format(time), tool));
    if (!id.isEmpty()) {
      String safe = id.replaceAll("[^A-Za-z0-9_-]", "_");
      parts.add(safe.substring(0, Math.min(safe.length(), LONGEST_ID)));
    }
    return String.join("-", parts);
  }

  /** As in {@code The secret_key of mch_1}; names are left out, for strangers may write them. */
  String described() {
    Set<String> fields = fields();
    String what = "The " + String.join(" and ", fields);
    int owners = found.size() / fields.size();
    if (owners > 1) {
      return "%s of each of %s".formatted(what, owners);
    }
    return id.isEmpty() ? what : "%s of %s".formatted(what, id);
  }

  /** What the credentials are called in Clerk's answer. */
  Set<String> fields() {
    Set<String> fields = new TreeSet<>();
    found.forEach(secret -> fields.add(secret.path().replaceAll("^.*\\.", "")));
    return fields;
  }

  /** How many credentials there are. */
  int count() {
    return found.size();
  }

  /** Whether Clerk tells them again when it is asked again. */
  boolean canBeReadAgain() {
    return operation.effect().readOnly();
  }

  /** The object that was asked about, where the answer does not name it. */
  private static String idInPath(ClerkRequest operation) {
    for (String variable : operation.endpoint().variables()) {
      if (variable.endsWith("_id")) {
        return operation.arguments().path(variable).asText("");
      }
    }
    return "";
  }
}
