package dev.clerkmcp.interceptor.redact;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the name of a field tells about its value. Found out once for each name, since every answer
 * has the same ones again.
 *
 * @param shown the name itself, without what looks like a credential in it
 * @param isShown whether that is all of it
 * @param isLikeCredential whether credentials are named so
 * @param isOfTheirOwn whether it holds an object whose names the people who run the instance chose;
 *     there a token may be anything
 */
record FieldName(String shown, boolean isShown, boolean isLikeCredential, boolean isOfTheirOwn) {
  /** Without separators and in lower case, so that one spelling stands for all. */
  private static final Set<String> NAMES =
      Set.of(
          "accesstoken",
          "apikey",
          "authorization",
          "backupcodes",
          "clientsecret",
          "cookie",
          "cookies",
          "expiredtoken",
          "idtoken",
          "jwt",
          "password",
          "passworddigest",
          "privatekey",
          "refreshtoken",
          "rotatingtoken",
          "samlresponse",
          "secret",
          "secretkey",
          "sessiontoken",
          "signingkey",
          "signingsecret",
          "svixurl",
          "ticket",
          "token",
          "tokensecret",
          "totpsecret",
          "webhooksecret");

  /** Clerk's own names are some hundreds; metadata may have any number. */
  private static final int MOST_KEPT = 4096;

  private static final int LONGEST_KEPT = 64;

  private static final Map<String, FieldName> KEPT = new ConcurrentHashMap<>();

  static FieldName of(String name) {
    FieldName kept = KEPT.get(name);
    if (kept != null) {
      return kept;
    }
    String shown = CredentialText.masked(name);
    FieldName found =
        new FieldName(
            shown,
            shown.equals(name),
            NAMES.contains(name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT)),
            name.endsWith("metadata") || name.equals("claims"));
    if (found.isShown() && name.length() <= LONGEST_KEPT && KEPT.size() < MOST_KEPT) {
      KEPT.put(name, found);
    }
    return found;
  }
}
