package dev.clerkmcp.registry.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks secrets by fingerprints such as {@code sk_...3f9a}: enough to compare two secrets, and too
 * little to guess one. A fingerprint does not reveal the length of the secret.
 */
public final class Fingerprint {
  private static final Pattern KIND = Pattern.compile("[a-z]{2,5}_(?=[A-Za-z0-9_-]{20})");

  private static final Pattern FINGERPRINT =
      Pattern.compile("([a-z]{2,5}_)?\\.\\.\\.([0-9a-f]{4})?");

  /** A fingerprint within a text, or what stands for a short secret in a URL or a setting. */
  private static final Pattern IN_TEXT =
      Pattern.compile("\\.\\.\\.[0-9a-f]{4}(?![0-9A-Za-z])|[:=]\\.\\.\\.(?![0-9A-Za-z.])");

  /** Shorter secrets, such as codes, could be found from a hash by trying all. */
  private static final int LEAST_LENGTH = 20;

  private static final int DIGITS = 4;

  private Fingerprint() {}

  /** The fingerprint of a secret: its kind of prefix, if any, and four digits of its SHA-256. */
  public static String of(String secret) {
    if (secret.length() < LEAST_LENGTH) {
      return "...";
    }
    Matcher kind = KIND.matcher(secret);
    return (kind.lookingAt() ? kind.group() : "") + "..." + digest(secret).substring(0, DIGITS);
  }

  /** The fingerprint of a JSON value; JSON null stays null. */
  public static JsonNode of(JsonNode secret) {
    return secret.isNull()
        ? secret
        : TextNode.valueOf(of(secret.isTextual() ? secret.textValue() : secret.toString()));
  }

  /** Whether a value has the form of a fingerprint. */
  public static boolean is(JsonNode value) {
    return value.isTextual() && FINGERPRINT.matcher(value.textValue()).matches();
  }

  /**
   * Whether a value is or contains a fingerprint, alone or within a text. An ordinary text with an
   * ellipsis before four hexadecimal digits counts too.
   */
  public static boolean isIn(JsonNode value) {
    return value.isContainerNode()
        ? value.valueStream().anyMatch(Fingerprint::isIn)
        : is(value) || (value.isTextual() && IN_TEXT.matcher(value.textValue()).find());
  }

  /** All 64 digits of the SHA-256 of a text. */
  public static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** All 64 digits of the SHA-256 of some bytes. */
  public static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
