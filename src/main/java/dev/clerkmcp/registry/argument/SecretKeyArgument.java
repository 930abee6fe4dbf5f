package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.registry.text.SnakeCase;
import java.util.Set;

/** Recognizes a secret key of Clerk's that a caller passes in a call, as other connectors want. */
final class SecretKeyArgument {
  /** Why it is refused; completes a sentence that begins with the argument's name. */
  static final String PROBLEM =
      "is not taken: keys are set in this server's configuration, never passed in a call; with"
          + " several instances, give instance. A key that stood in a conversation should be"
          + " replaced";

  private static final Set<String> NAMES =
      Set.of("api_key", "clerk_api_key", "clerk_secret_key", "secret_key");

  private SecretKeyArgument() {}

  /** Whether an argument that a tool does not have is a secret key, by its name or its value. */
  static boolean is(String name, JsonNode value) {
    return NAMES.contains(SnakeCase.of(name))
        || value.asText().startsWith("sk_test_")
        || value.asText().startsWith("sk_live_");
  }
}
