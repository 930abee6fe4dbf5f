package dev.clerkmcp.sandbox.handlers.support;

import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiError.Reason;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Validates the values of requests: addresses, names, URLs and images. Every method returns the
 * value without surrounding spaces. A parameter's name is passed for the error that rejects the
 * value.
 */
public final class InputRules {
  private static final Pattern EMAIL_ADDRESS =
      Pattern.compile("[^\\s@,;<>\"*]+@[^\\s@,;<>\"*.]+(\\.[^\\s@,;<>\"*.]+)+");

  /** E.164: a plus, the country code, at most 15 digits in all. */
  private static final Pattern PHONE_NUMBER = Pattern.compile("\\+[1-9]\\d{6,14}");

  private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*");

  private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9_.-]*");
  private static final int MIN_USERNAME_LENGTH = 4;
  private static final int MAX_USERNAME_LENGTH = 64;

  private static final Pattern WEB3_WALLET = Pattern.compile("0x[0-9a-fA-F]{40}");

  private static final int MAX_NAME_LENGTH = 256;

  private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final Set<String> IMAGE_TYPES =
      Set.of("image/gif", "image/jpeg", "image/png", "image/webp");

  private InputRules() {}

  /** An email address. */
  public static String emailAddress(String parameter, String text) {
    return checked(EMAIL_ADDRESS, parameter, text, "an email address such as ada@example.com");
  }

  /** A phone number in E.164. */
  public static String phoneNumber(String parameter, String text) {
    return checked(PHONE_NUMBER, parameter, text, "a phone number such as +15555550100 (E.164)");
  }

  /** A language, with a region if it matters: {@code de} or {@code pt-BR}. */
  public static String locale(String parameter, String text) {
    return checked(LOCALE, parameter, text, "a BCP 47 language tag such as en-US");
  }

  /** The address of an Ethereum wallet. */
  public static String web3Wallet(String parameter, String text) {
    return checked(WEB3_WALLET, parameter, text, "a wallet: 0x and 40 hexadecimal digits");
  }

  private static String checked(Pattern form, String parameter, String text, String wanted) {
    String stripped = text.strip();
    if (!form.matcher(stripped).matches()) {
      throw ApiError.invalid(
          "form_param_format_invalid", parameter, "%s must be %s.", parameter, wanted);
    }
    return stripped;
  }

  /** A username. */
  public static String username(String parameter, String text) {
    String username = text.strip();
    if (username.length() < MIN_USERNAME_LENGTH || username.length() > MAX_USERNAME_LENGTH) {
      throw ApiError.invalid(
          "form_username_invalid_length",
          parameter,
          "%s takes %s to %s characters.",
          parameter,
          MIN_USERNAME_LENGTH,
          MAX_USERNAME_LENGTH);
    }
    if (PHONE_NUMBER.matcher(username).matches()) {
      throw ApiError.invalid(
          "form_username_cannot_be_phone_number",
          parameter,
          "%s cannot be a phone number.",
          parameter);
    }
    if (!USERNAME.matcher(username).matches()) {
      throw ApiError.invalid(
          "form_username_invalid_character",
          parameter,
          "%s takes letters, digits, underscores, dots and hyphens.",
          parameter);
    }
    if (username.chars().allMatch(Character::isDigit)) {
      throw ApiError.invalid(
          "form_username_needs_non_number_char",
          parameter,
          "%s must contain something besides digits.",
          parameter);
    }
    return username;
  }

  /** The name of an object: 1 to 256 characters. */
  public static String name(String parameter, String text) {
    String name = text.strip();
    if (name.isEmpty()) {
      throw ApiError.invalid("form_param_nil", parameter, parameter + " must not be empty.");
    }
    if (name.length() > MAX_NAME_LENGTH) {
      throw ApiError.invalid(
          "form_param_max_length_exceeded",
          parameter,
          "%s takes at most %s characters.",
          parameter,
          MAX_NAME_LENGTH);
    }
    return name;
  }

  /** An absolute URL: https, the scheme of an app, or http on this machine only. */
  public static String url(String parameter, String text) {
    URI url = parsedUrl(parameter, text.strip());
    boolean remote = url.getHost() == null || !LOOPBACK_HOSTS.contains(url.getHost());
    if (hasScheme(url, "http") && remote) {
      throw ApiError.invalid(
          "insecure_url",
          parameter,
          "%s must begin with https, or with http and localhost.",
          parameter);
    }
    return url.toString();
  }

  /** An https URL with a host. */
  public static URI httpsUrl(String parameter, String text) {
    URI url = parsedUrl(parameter, text.strip());
    if (!hasScheme(url, "https")) {
      throw ApiError.invalid("insecure_url", parameter, "%s must begin with https.", parameter);
    }
    return url;
  }

  private static URI parsedUrl(String parameter, String text) {
    try {
      URI url = new URI(text);
      boolean web = hasScheme(url, "http") || hasScheme(url, "https");
      boolean hasLocation = web ? url.getHost() != null : text.contains("://");
      if (url.isAbsolute() && hasLocation) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Rejected below, like a URL without a scheme.
    }
    throw ApiError.invalid(
        "form_param_format_invalid",
        parameter,
        "%s must be a URL such as https://example.com/welcome.",
        parameter);
  }

  private static boolean hasScheme(URI url, String scheme) {
    return url.getScheme() != null && url.getScheme().toLowerCase(Locale.ROOT).equals(scheme);
  }

  /**
   * Whether the form part {@code file} is an image of a type that Clerk takes. The sandbox keeps
   * only the type of an uploaded file.
   */
  public static boolean hasImage(ApiRequest request) {
    return IMAGE_TYPES.contains(request.field("file"));
  }

  /**
   * Checks that the form part {@code file} is an image of a type that Clerk takes.
   *
   * @throws ApiError with status 400 otherwise
   */
  public static void checkImage(ApiRequest request) {
    if (!request.fields().has("file")) {
      throw new ApiError(
          400, List.of(new Reason("form_param_missing", "file must be included.", "file")));
    }
    if (!hasImage(request)) {
      throw ApiError.of(
          400, "request_body_invalid", "file must be a GIF, JPEG, PNG or WebP image.");
    }
  }
}
