package dev.clerkmcp.guard.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The credentials of one answer on their way into a file, and what the caller is told of it. */
final class KeptSecret {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final int LONGEST_ID = 64;

  private final Operation operation;
  private final List<AnswerMask.Found> found;
  private final Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final String tool;
  private final String id;
  private final String name;

  KeptSecret(Operation operation, JsonNode answer, List<AnswerMask.Found> found) {
    this.operation = operation;
    this.found = found;
    this.tool = operation.run().tool().name();
    this.id = answer.path("id").asText(idInPath(operation));
    this.name = answer.path("name").asText("");
  }

  /** Writes the file, and notes on the call where it is, or why there is none. */
  void keepIn(SecretsFolder folder) {
    String note;
    try {
      Path file = folder.keep(fileName(), content().toPrettyString() + "\n");
      note = "%s is in %s (only you can read it).".formatted(described(), file);
    } catch (IOException e) {
      note =
          ("%s could not be kept, and is shown to nobody: the folder %s %s. A person must set"
                  + " CLERK_MCP_SECRETS_DIR to another one; %s.")
              .formatted(
                  described(),
                  folder.path(),
                  e.getMessage(),
                  operation.effect().readOnly()
                      ? "then call again"
                      : "then revoke this one and make a new one");
    }
    operation.run().invocation().note(note);
  }

  private ObjectNode content() {
    ObjectNode content =
        Json.object()
            .put("tool", tool)
            .put("instance", operation.run().instance().name())
            .put("time", time.toString());
    if (!id.isEmpty()) {
      content.put("id", id);
    }
    if (!name.isEmpty()) {
      content.put("name", name);
    }
    ObjectNode secrets = content.putObject("secrets");
    ObjectNode owners = Json.object();
    for (AnswerMask.Found secret : found) {
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
  private String described() {
    TreeSet<String> fields = new TreeSet<>();
    found.forEach(secret -> fields.add(secret.path().replaceAll("^.*\\.", "")));
    String what = "The " + String.join(" and ", fields);
    int owners = found.size() / fields.size();
    if (owners > 1) {
      return "%s of each of %d".formatted(what, owners);
    }
    return id.isEmpty() ? what : "%s of %s".formatted(what, id);
  }

  /** The object that was asked about, where the answer does not name it. */
  private static String idInPath(Operation operation) {
    for (String variable : operation.endpoint().variables()) {
      if (variable.endsWith("_id")) {
        return operation.arguments().path(variable).asText("");
      }
    }
    return "";
  }
}
