package dev.clerkmcp.interceptor.redact;

import dev.clerkmcp.registry.text.Fingerprint;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds credentials by their form in any text, such as metadata, a message, or JSON within a
 * string, and replaces each by its fingerprint. The rest of the text stays.
 */
public final class CredentialText {
  /** The start of a word, also after an escape in JSON such as {@code \n}. */
  private static final String WORD = "(?<=^|[^A-Za-z0-9_]|\\\\[bfnrt])";

  /** Matches if no fingerprint follows, so that a masked credential is not masked again. */
  private static final String UNMASKED = "(?!(?:[a-z]{2,5}_)?\\.\\.\\.)";

  private static final List<Form> FORMS =
      List.of(
          new Form(
              "PRIVATE KEY",
              "-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^\"-]*+(?:-(?!----)[^\"-]*+){0,200}+"
                  + "-----END [A-Z ]{0,20}PRIVATE KEY-----"),
          // JSON Web Tokens, signed or encrypted.
          new Form(
              "eyJ",
              "eyJ[A-Za-z0-9_-]{6,}+"
                  + "(\\.[A-Za-z0-9_-]{4,}+\\.[A-Za-z0-9_-]*+(?:\\.[A-Za-z0-9_-]++){0,2}+)?+"),
          new Form("sk_", "sk_(?:test|live)_[A-Za-z0-9_-]{8,}"),
          // API keys, machine tokens and OAuth tokens.
          token("ak_"),
          token("mt_"),
          token("oat_"),
          new Form("whsec_", "whsec_[A-Za-z0-9+/=]{16,}"),
          new Form("#key=", "(?<=#key=)" + UNMASKED + "[A-Za-z0-9_.~%+/=-]{4,}"),
          inUrl("ticket"),
          inUrl("rotating_token"),
          inUrl("__clerk_handshake"),
          inUrl("__clerk_db_jwt"),
          inUrl("__clerk_testing_token"));

  private CredentialText() {}

  /** The text with every credential in it replaced; the text itself if it has none. */
  public static String masked(String text) {
    String masked = text;
    for (Form form : FORMS) {
      masked = form.masked(masked);
    }
    return masked;
  }

  /**
   * The form of tokens with a prefix. IDs have the same prefix and must stay: 32 hexadecimal
   * digits, or 27 letters and digits.
   */
  private static Form token(String prefix) {
    return new Form(
        prefix, WORD + prefix + "(?![0-9a-f]{32}\\b|[0-9A-Za-z]{27}\\b)[A-Za-z0-9_-]{20,}");
  }

  /** The value of a query parameter whose name ends with the given one. */
  private static Form inUrl(String name) {
    return new Form(name, "(?<=" + name + "(?:=|%3D|%3d))" + UNMASKED + "[A-Za-z0-9_.~%+/=-]{4,}");
  }

  /**
   * One form of credentials. Masking takes time in proportion to the length of the text.
   *
   * @param sign a text in every such credential or right before it; without it the pattern is not
   *     tried
   * @param pattern a match is a credential; if the pattern has a group, only a match of the group
   *     too (any other match is skipped as a whole, since trying it again from each of its
   *     characters would take quadratic time)
   */
  private record Form(String sign, Pattern pattern) {
    Form(String sign, String pattern) {
      this(sign, Pattern.compile(pattern));
    }

    private static String replacement(MatchResult found) {
      boolean passedOver = found.groupCount() > 0 && found.group(1) == null;
      String text = passedOver ? found.group() : Fingerprint.of(found.group());
      return Matcher.quoteReplacement(text);
    }

    String masked(String text) {
      if (!text.contains(sign)) {
        return text;
      }
      Matcher matcher = pattern.matcher(text);
      return matcher.find() ? matcher.replaceAll(Form::replacement) : text;
    }
  }
}
