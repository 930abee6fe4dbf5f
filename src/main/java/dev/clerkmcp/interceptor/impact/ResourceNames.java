package dev.clerkmcp.interceptor.impact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the parts of Clerk's paths hold, in a person's words. */
final class ResourceNames {
  /** Parts that do not say it by themselves. */
  private static final Map<String, String> KINDS =
      Map.of(
          "sign_in_tokens", "sign-in token",
          "sign_ups", "sign-up",
          "svix", "Svix app",
          "svix_url", "link to the Svix dashboard",
          "tasks", "agent task");

  private static final Map<String, String> SPELLINGS =
      Map.of(
          "api", "API",
          "jwt", "JWT",
          "m2m", "M2M",
          "oauth", "OAuth",
          "saml", "SAML",
          "scim", "SCIM",
          "url", "URL");

  private ResourceNames() {}

  /** One of those in the last collection of a path: {@code JWT template}. */
  static String one(String path) {
    String collection = collection(path);
    String known = KINDS.get(collection);
    return known == null
        ? words(collection.replaceFirst("ies$", "y").replaceFirst("(?<=ss)es$|(?<![sx])s$", ""))
        : known;
  }

  /** All in the last collection of a path: {@code JWT templates}. */
  static String all(String path) {
    return words(collection(path));
  }

  /** The last part of a path but for variables at its end. */
  static String collection(String path) {
    String before = path.replaceFirst("(/\\{[^/]*})*$", "");
    return before.substring(before.lastIndexOf('/') + 1);
  }

  private static String words(String part) {
    List<String> words = new ArrayList<>();
    for (String word : part.split("_", -1)) {
      words.add(SPELLINGS.getOrDefault(word, word));
    }
    return String.join(" ", words);
  }
}
