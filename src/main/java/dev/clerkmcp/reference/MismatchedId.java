package dev.clerkmcp.reference;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IDs of other kinds of objects, which are slips where somebody is asked for. Only what has the
 * full form of one counts: an external ID may look like almost anything.
 */
final class MismatchedId {
  private static final Pattern FORM = Pattern.compile("([a-z0-9]+)_[A-Za-z0-9]{20,64}");

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("act", "an actor token"),
          Map.entry("ak", "an API key"),
          Map.entry("alid", "an allowlist entry"),
          Map.entry("blid", "a blocklist entry"),
          Map.entry("client", "a client"),
          Map.entry("dmn", "a domain"),
          Map.entry("idn", "an email address, phone number or other identification"),
          Map.entry("inv", "an invitation"),
          Map.entry("jtmp", "a JWT template"),
          Map.entry("mch", "a machine"),
          Map.entry("mt", "a machine's token"),
          Map.entry("org", "an organization"),
          Map.entry("orgdmn", "an organization's domain"),
          Map.entry("orginv", "an organization's invitation"),
          Map.entry("orgmem", "a membership"),
          Map.entry("perm", "a permission"),
          Map.entry("role", "a role"),
          Map.entry("ru", "a redirect URL"),
          Map.entry("samlc", "a SAML connection"),
          Map.entry("sess", "a session"),
          Map.entry("sit", "a sign-in token"),
          Map.entry("sua", "a sign-up"),
          Map.entry("user", "a user"),
          Map.entry("wle", "a waitlist entry"));

  private MismatchedId() {}

  /** What a text is the ID of; null if it is none that is known. */
  static @Nullable String kind(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() ? KINDS.get(matcher.group(1)) : null;
  }
}
