package dev.clerkmcp.interceptor.redact;

import dev.clerkmcp.registry.text.Fingerprint;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds credentials by their form in any text, such as metadata, a message, or JSON within a
 * string, and replaces each by its fingerprint. The rest of the text stays. Besides Clerk's own, it
 * knows the forms of services whose keys applications keep in metadata.
 */
public final class CredentialText {
  /** Any text with a credential is at least as long; most values of an answer are shorter. */
  private static final int SHORTEST = 9;

  /** The start of a word, also after an escape in JSON such as {@code \n}. */
  private static final String WORD = "(?<=^|[^A-Za-z0-9_]|\\\\[bfnrt])";

  /** The end of a word in which dashes may stand. */
  private static final String END = "(?![A-Za-z0-9_-])";

  /** Matches if no fingerprint follows, so that a masked credential is not masked again. */
  private static final String UNMASKED = "(?!(?:[a-z]{2,5}_)?\\.\\.\\.)";

  /**
   * Matches if no stand-in for a password follows, as instructions and templates have them: {@code
   * password}, {@code ***}, {@code ${DB_PASSWORD}}, {@code {{password}}}.
   */
  private static final String REAL =
      UNMASKED
          + "(?!(?:(?i:password|pass|pwd|secret|true|false|null)|\\*+|[xX]{3,8})(?:[@;&,\\s\"'\\\\]|$)"
          + "|\\$[({]|\\$[A-Z_]{3,64}[@;&]|\\{\\{|\\[[a-z_-]{3,64}]|%[A-Z_]{3,64}%)";

  /** What may stand between a name and its value: in settings, in JSON, in JSON within a string. */
  private static final String IS = "[\"'\\\\]{0,2}\\s{0,3}[:=]\\s{0,3}[\"'\\\\]{0,2}";

  private static final String KEY_BEGINS = "-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----";

  private static final List<Form> FORMS =
      List.of(
          new Form(
              "PRIVATE KEY",
              KEY_BEGINS
                  + "[^\"-]*+(?:-(?!----)[^\"-]*+){0,200}+"
                  + "-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----"),
          // A key whose end was cut off with the text.
          new Form("PRIVATE KEY", KEY_BEGINS + "(?:\\s|\\\\[nr])*+[A-Za-z0-9+/=\\s\\\\]{40,}+"),
          // JSON Web Tokens, signed or encrypted. Anything else that begins like one is skipped as
          // a whole, since trying it again from each of its characters would take quadratic time.
          new Form(
              "eyJ",
              "(eyJ[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]{4,}+\\.[A-Za-z0-9_-]*+"
                  + "(?:\\.[A-Za-z0-9_-]++){0,2}+)|eyJ[A-Za-z0-9_-]{6,}+"),
          // Clerk and Stripe, which also has restricted keys.
          new Form("sk_", "sk_(?:test|live)_[A-Za-z0-9_-]{8,}"),
          word("rk_", "rk_(?:test|live)_[A-Za-z0-9]{16,}+"),
          // API keys, machine tokens and OAuth tokens.
          token("ak_"),
          token("mt_"),
          token("oat_"),
          // Svix and Stripe.
          new Form("whsec_", "whsec_[A-Za-z0-9+/=]{16,}"),
          new Form("#key=", "(?<=#key=)" + UNMASKED + "[A-Za-z0-9_.~%+/=-]{4,}"),
          inUrl("ticket"),
          inUrl("rotating_token"),
          inUrl("__clerk_handshake"),
          inUrl("__clerk_db_jwt"),
          inUrl("__clerk_testing_token"),
          // AWS: the ID of an access key, and a secret key beside its name.
          word("AKIA", "AKIA[A-Z2-7]{16}"),
          word("ASIA", "ASIA[A-Z2-7]{16}"),
          new Form("ecret", secretAccessKey()),
          new Form("ECRET", secretAccessKey()),
          // GitHub.
          word("gh", "gh[pousr]_[A-Za-z0-9]{36,}+"),
          word("github_pat_", "github_pat_[A-Za-z0-9_]{22,}+"),
          // Slack.
          word("xox", "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}+"),
          word("xapp-", "xapp-[A-Za-z0-9-]{20,}+"),
          new Form(
              "hooks.slack.com",
              "hooks\\.slack\\.com/(?:services|workflows|triggers)/"
                  + UNMASKED
                  + "([A-Za-z0-9/_-]{20,}+)"),
          // Google: API keys, client secrets, access and refresh tokens.
          word("AIza", "AIza[A-Za-z0-9_-]{35}"),
          word("GOCSPX-", "GOCSPX-[A-Za-z0-9_-]{20,}+"),
          word("ya29.", "ya29\\.[A-Za-z0-9_-]{20,}+"),
          word("1//0", "1//0[A-Za-z0-9_-]{40,}+"),
          // OpenAI and Anthropic.
          word(
              "sk-",
              "sk-(?:(?:proj|svcacct|admin|ant-[a-z0-9]{2,12})-[A-Za-z0-9_-]{20,}+"
                  + "|[A-Za-z0-9]{32,}+)"),
          // The login in a URL or in a connection string. A password may have an at sign too.
          new Form(
              "://",
              "://[^\\s/?#:@\"'<>\\\\]{0,128}+:"
                  + REAL
                  + "((?:[^\\s/?#,@\"'<>\\\\]|@(?=[^\\s/?#,@\"'<>\\\\]{0,255}+@)){1,256}+)@"),
          setting("assword", WORD + "[Pp]assword"),
          setting("PASSWORD", "(?<![A-Za-z0-9])PASSWORD"),
          setting("wd", "(?<=[;&?])\\s?[Pp]wd"), // elsewhere it is a folder
          setting("PWD", "(?<=[;&?])\\s?PWD"),
          setting("ccountKey", WORD + "[Aa]ccountKey"),
          setting("ccessKey", WORD + "[Ss]haredAccessKey"));

  private CredentialText() {}

  /** The text with every credential in it replaced; the text itself if it has none. */
  public static String masked(String text) {
    if (text.length() < SHORTEST) {
      return text;
    }
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

  /** A form that begins and ends where words do. */
  private static Form word(String sign, String pattern) {
    return new Form(sign, WORD + pattern + END);
  }

  /** The value of a query parameter whose name ends with the given one. */
  private static Form inUrl(String name) {
    return new Form(name, "(?<=" + name + "(?:=|%3D|%3d))" + UNMASKED + "[A-Za-z0-9_.~%+/=-]{4,}");
  }

  /** The value of a part of a connection string: {@code ;Password=...;}. */
  private static Form setting(String sign, String name) {
    return new Form(sign, name + "\\s?=\\s?" + REAL + "([^\\s;&,\"'<>\\\\]{4,256}+)");
  }

  /** A secret key of AWS has no form of its own but its length: 40 characters of Base64. */
  private static String secretAccessKey() {
    return "(?i:secret[_-]?access[_-]?key)" + IS + "([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])";
  }

  /**
   * One form of credentials. Masking takes time in proportion to the length of the text.
   *
   * @param sign a text in every such credential or right before it; without it the pattern is not
   *     tried
   * @param pattern a match is a credential; if the pattern has a group, only the group is, and a
   *     match without it is skipped
   */
  private record Form(String sign, Pattern pattern) {
    Form(String sign, String pattern) {
      this(sign, Pattern.compile(pattern));
    }

    private static String replacement(MatchResult found) {
      String all = found.group();
      int group = found.groupCount() > 0 ? 1 : 0;
      if (found.group(group) == null) {
        return Matcher.quoteReplacement(all);
      }
      String before = all.substring(0, found.start(group) - found.start());
      String after = all.substring(found.end(group) - found.start());
      return Matcher.quoteReplacement(before + Fingerprint.of(found.group(group)) + after);
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
