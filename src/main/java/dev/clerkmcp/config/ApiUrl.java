package dev.clerkmcp.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where Clerk's API is, read from environment variables. */
final class ApiUrl {
  static final String URL = "CLERK_API_URL";
  static final String PREFIX = "CLERK_MCP_API_PREFIX";

  /** What a sandbox has no use for. */
  static final List<String> ALL = List.of(URL, PREFIX);

  private static final String SERVER = "https://api.clerk.com";
  private static final String SERVER_PREFIX = "/v1";

  /** Where it is for everybody who sets nothing. */
  static final String STANDARD = SERVER + SERVER_PREFIX;

  private ApiUrl() {}

  /**
   * Reads the settings into the URL that paths are appended to.
   *
   * @throws ConfigException for the first mistake
   */
  static String from(Map<String, String> environment) throws ConfigException {
    String text = Config.value(environment, URL, "");
    String prefix = Config.value(environment, PREFIX, "");
    if (!prefix.isEmpty() && !prefix.matches("/|(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")) {
      throw new ConfigException(PREFIX + " must be a path that begins with /, as /v1 does.");
    }
    String server = text.isEmpty() ? SERVER : text;
    String path = checked(server).getRawPath();
    String end = withoutSlash(prefix.isEmpty() ? SERVER_PREFIX : prefix);
    return withoutSlash(server) + (withoutSlash(path).endsWith(end) ? "" : end);
  }

  /** Whether a URL leads to this computer. */
  static boolean isLocal(String url) {
    return isLoopback(URI.create(url).getHost());
  }

  private static URI checked(String text) throws ConfigException {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw noUrl();
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String host = url.getHost();
    boolean valid =
        host != null
            && host.indexOf('%') < 0
            && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65_535));
    if (!valid || (!scheme.equals("http") && !scheme.equals("https"))) {
      throw noUrl();
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new ConfigException(URL + " must be a plain URL without user, query or fragment.");
    }
    if (scheme.equals("http") && !isLoopback(host)) {
      throw new ConfigException(
          URL + " must begin with https://, or the secret key would travel in the clear.");
    }
    return url;
  }

  private static ConfigException noUrl() {
    return new ConfigException(URL + " is not a URL; the usual one is " + SERVER + ".");
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("127.0.0.1")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  private static String withoutSlash(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
