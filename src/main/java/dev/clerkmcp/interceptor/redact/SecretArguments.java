package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Removes the passwords, codes and keys that a request carries from texts about the request. */
final class SecretArguments {
  /** A shorter secret could be a word of the text by chance. */
  private static final int LEAST_LENGTH = 4;

  /** The shortest part of a secret that must be removed too. */
  private static final int LEAST_PIECE = 12;

  /** The fingerprint of each secret, the longest secret first. */
  private final SortedMap<String, String> masks =
      new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));

  private SecretArguments() {}

  static SecretArguments of(ClerkRequest operation) {
    SecretArguments secrets = new SecretArguments();
    secrets.collect(operation.arguments(), operation.shownArguments());
    return secrets;
  }

  /** The text without the secrets, and without anything else that has the form of a credential. */
  String removedFrom(String text) {
    String removed = text;
    for (Map.Entry<String, String> mask : masks.entrySet()) {
      removed = withoutStart(removed.replace(mask.getKey(), mask.getValue()), mask.getKey());
    }
    return CredentialText.masked(removed);
  }

  /**
   * Removes the start of a secret at the end of the text: Clerk cuts a long message, perhaps within
   * a secret.
   */
  private String withoutStart(String text, String secret) {
    for (int length = Math.min(secret.length() - 1, text.length());
        length >= LEAST_PIECE;
        length--) {
      if (text.endsWith(secret.substring(0, length))) {
        return text.substring(0, text.length() - length) + masks.get(secret);
      }
    }
    return text;
  }

  /** Collects the secrets: the values that are masked in the shown arguments. */
  private void collect(JsonNode sent, JsonNode shown) {
    if (sent.equals(shown)) {
      return;
    }
    if (sent.isObject() && shown.isObject()) {
      sent.properties().forEach(field -> collect(field.getValue(), shown.path(field.getKey())));
    } else if (sent.isArray() && shown.isArray()) {
      for (int i = 0; i < sent.size(); i++) {
        collect(sent.get(i), shown.path(i));
      }
    } else {
      addAll(sent);
    }
  }

  private void addAll(JsonNode secret) {
    if (secret.isContainerNode()) {
      secret.forEach(this::addAll);
      return;
    }
    if (secret.isTextual() || secret.isNumber()) {
      String text = secret.asText();
      add(text, LEAST_LENGTH);
      for (String piece : text.split("\\s+", -1)) { // the lines of a key
        add(piece, LEAST_PIECE);
      }
    }
  }

  private void add(String secret, int leastLength) {
    if (secret.length() >= leastLength) {
      masks.put(secret, Fingerprint.of(secret));
    }
  }
}
