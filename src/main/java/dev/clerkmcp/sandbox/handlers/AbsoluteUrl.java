package dev.clerkmcp.sandbox.handlers;

import dev.clerkmcp.sandbox.openapi.ApiError;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** The URLs that Clerk takes: with a scheme, and safe to send somebody to. */
final class AbsoluteUrl {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private AbsoluteUrl() {}

  /**
   * An https URL or one of an app's own scheme; http for this machine only.
   *
   * @param parameter the one to blame
   */
  static String checked(String parameter, String text) {
    URI url = parsed(parameter, text.strip());
    if (isScheme(url, "http") && (url.getHost() == null || !LOOPBACK.contains(url.getHost()))) {
      throw ApiError.invalid(
          "insecure_url",
          parameter,
          "%s must begin with https, or with http and localhost.".formatted(parameter));
    }
    return url.toString();
  }

  /**
   * An https URL with a host.
   *
   * @param parameter the one to blame
   */
  static URI https(String parameter, String text) {
    URI url = parsed(parameter, text.strip());
    if (!isScheme(url, "https")) {
      throw ApiError.invalid(
          "insecure_url", parameter, "%s must begin with https.".formatted(parameter));
    }
    return url;
  }

  private static URI parsed(String parameter, String text) {
    try {
      URI url = new URI(text);
      boolean web = isScheme(url, "http") || isScheme(url, "https");
      boolean hasPlace = web ? url.getHost() != null : text.contains("://");
      if (url.isAbsolute() && hasPlace) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Refused below, as what lacks a scheme is.
    }
    throw ApiError.invalid(
        "form_param_format_invalid",
        parameter,
        "%s must be a URL such as https://example.com/welcome.".formatted(parameter));
  }

  private static boolean isScheme(URI url, String scheme) {
    return url.getScheme() != null && url.getScheme().toLowerCase(Locale.ROOT).equals(scheme);
  }
}
