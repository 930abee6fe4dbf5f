package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.json.LoneSurrogates;
import dev.clerkmcp.registry.ClerkRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Collects where the credentials of one tool call were stored, and reports them in one note. */
final class StoredSecretNotes {
  private static final int MAX_NAMED = 3;

  private final Map<Path, StoredSecret> kept = new LinkedHashMap<>();
  private final List<StoredSecret> lost = new ArrayList<>();
  private String obstacle = "";

  /** The credentials of one answer of Clerk's, which go into one file. */
  static final class StoredSecret {
    private static final DateTimeFormatter FILE_TIME =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int MAX_ID_LENGTH = 64;

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
      this.id = ownerOf(found, answer.path("id").asText(idInPath(operation)));
      this.name = answer.path("name").asText("");
    }

    /** Writes the file, and records for the note where it is or why it could not be written. */
    void keepIn(SecretStore folder) {
      StoredSecretNotes all =
          operation.context().attribute(StoredSecretNotes.class, StoredSecretNotes::new);
      try {
        all.kept(
            this,
            folder.keep(fileName(), LoneSurrogates.escaped(content().toPrettyString()) + "\n"));
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
        parts.add(safe.substring(0, Math.min(safe.length(), MAX_ID_LENGTH)));
      }
      return String.join("-", parts);
    }

    /**
     * A description such as {@code The secret_key of mch_1}. Names are left out, because strangers
     * may have written them.
     */
    String described() {
      Set<String> fields = fields();
      String what = "The " + String.join(" and ", fields);
      int owners = found.size() / fields.size();
      if (owners > 1) {
        return "%s of each of %s".formatted(what, owners);
      }
      return id.isEmpty() ? what : "%s of %s".formatted(what, id);
    }

    /** The names of the credentials' fields in Clerk's answer. */
    Set<String> fields() {
      Set<String> fields = new TreeSet<>();
      found.forEach(secret -> fields.add(secret.path().replaceAll("^.*\\.", "")));
      return fields;
    }

    /** The verb that follows the description. */
    String verb() {
      return fields().size() == 1 ? "is" : "are";
    }

    /** How many credentials there are. */
    int count() {
      return found.size();
    }

    /** Whether a second call reads the same credentials again. */
    boolean canBeReadAgain() {
      return !operation.effect().changes();
    }

    /** The object that has the credentials; the other one if they belong to several or to none. */
    private static String ownerOf(List<SecretRedactor.Found> found, String other) {
      Set<String> owners = new TreeSet<>();
      found.forEach(secret -> owners.add(secret.owner()));
      String only = owners.size() == 1 ? owners.iterator().next() : "";
      return only.isEmpty() ? other : only;
    }

    /** The ID in the path of the request, for answers without an ID. */
    private static String idInPath(ClerkRequest operation) {
      for (String variable : operation.endpoint().variables()) {
        if (variable.endsWith("_id")) {
          return operation.arguments().path(variable).asText("");
        }
      }
      return "";
    }
  }

  synchronized void kept(StoredSecret secret, Path file) {
    kept.put(file, secret);
  }

  /**
   * Records that the file could not be written.
   *
   * @param folderAndFault the path of the folder and why it cannot hold a file, as in a sentence
   */
  synchronized void lost(StoredSecret secret, String folderAndFault) {
    lost.add(secret);
    obstacle = folderAndFault;
  }

  /** Adds a note about the credentials since the last note. */
  synchronized void tell(Consumer<String> notes) {
    if (!kept.isEmpty()) {
      notes.accept(whereTheyAre());
      kept.clear();
    }
    if (!lost.isEmpty()) {
      notes.accept(whyNotStored());
      lost.clear();
    }
  }

  private String whereTheyAre() {
    List<Path> files = List.copyOf(kept.keySet());
    Path first = files.get(0);
    if (files.size() == 1) {
      StoredSecret only = List.copyOf(kept.values()).get(0);
      return "%s %s in %s (only you can read it).".formatted(only.described(), only.verb(), first);
    }
    List<String> names =
        files.stream().limit(MAX_NAMED).map(file -> String.valueOf(file.getFileName())).toList();
    int more = files.size() - names.size();
    return "%s are in %s files in %s (only you can read them): %s%s."
        .formatted(
            described(List.copyOf(kept.values())),
            files.size(),
            first.getParent(),
            String.join(", ", names),
            more == 0 ? "" : " and %s more".formatted(more));
  }

  private String whyNotStored() {
    StoredSecret first = lost.get(0);
    boolean one = lost.size() == 1;
    boolean again = lost.stream().allMatch(StoredSecret::canBeReadAgain);
    return ("%s could not be stored, and %s not shown: the folder %s. A person must set"
            + " %s to another folder; %s.")
        .formatted(
            one ? first.described() : described(lost),
            one ? first.verb() : "are",
            obstacle,
            Setting.SECRETS_DIR,
            again
                ? "then call again"
                : one
                    ? "then revoke this one and make a new one"
                    : "then revoke these and make new ones");
  }

  /** A description such as {@code 20 credentials (url)}. */
  private static String described(List<StoredSecret> secrets) {
    Set<String> fields = new TreeSet<>();
    secrets.forEach(secret -> fields.addAll(secret.fields()));
    int count = secrets.stream().mapToInt(StoredSecret::count).sum();
    return "%s credentials (%s)".formatted(count, String.join(", ", fields));
  }
}
