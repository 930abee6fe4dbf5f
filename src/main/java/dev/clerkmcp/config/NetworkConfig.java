package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.NetworkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the proxy and the certificate authorities of a company's network, from the variables that
 * curl, Node and OpenSSL read too.
 */
final class NetworkConfig {
  /**
   * The first of these that is set counts. HTTP_PROXY is for plain HTTP, which is never proxied.
   */
  private static final List<Setting> PROXIES = List.of(Setting.HTTPS_PROXY, Setting.ALL_PROXY);

  private static final List<Setting> AUTHORITIES =
      List.of(Setting.NODE_EXTRA_CA_CERTS, Setting.SSL_CERT_FILE);

  private static final long MAX_BYTES = 16 << 20;

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int SOCKS_PORT = 1080;

  private NetworkConfig() {}

  /**
   * Reads how to reach the API. Plain HTTP is used only on this computer, and needs neither a proxy
   * nor certificates. Other programs read these variables too, so an unusable variable is ignored
   * and listed in {@code problems}.
   *
   * @param baseUrl the URL of the API
   */
  static NetworkSettings from(Environment environment, String baseUrl) {
    Setting proxy = firstSet(environment, PROXIES);
    if (baseUrl.startsWith("http:")
        || (proxy == null && firstSet(environment, AUTHORITIES) == null)) {
      return NetworkSettings.DIRECT;
    }
    List<String> problems = new ArrayList<>();
    List<NetworkSettings.Authorities> authorities = authorities(environment, problems);
    if (proxy == null || ClerkConfig.isLocal(baseUrl)) {
      return new NetworkSettings(null, null, authorities, problems);
    }
    String exemption = isExempt(environment, baseUrl) ? environment.origin(Setting.NO_PROXY) : null;
    return new NetworkSettings(
        exemption == null
            ? proxy(environment.origin(proxy), environment.text(proxy), problems)
            : null,
        exemption,
        authorities,
        problems);
  }

  private static @Nullable Setting firstSet(Environment environment, List<Setting> settings) {
    for (Setting setting : settings) {
      if (environment.isSet(setting)) {
        return setting;
      }
    }
    return null;
  }

  private static NetworkSettings.@Nullable ProxyServer proxy(
      String variable, String text, List<String> problems) {
    try {
      return proxy(variable, text);
    } catch (Unusable e) {
      problems.add("%s is ignored: it %s.".formatted(variable, e.getMessage()));
      return null;
    }
  }

  /** Parses the URL by hand, since passwords often hold characters that {@link URI} rejects. */
  private static NetworkSettings.ProxyServer proxy(String variable, String text) throws Unusable {
    int schemeEnd = text.indexOf("://");
    String scheme = schemeEnd < 0 ? "http" : text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    boolean socks = scheme.equals("socks5") || scheme.equals("socks5h");
    if (!socks && !scheme.equals("http")) {
      throw new Unusable("must begin with http://, socks5:// or socks5h://");
    }
    String rest = schemeEnd < 0 ? text : text.substring(schemeEnd + 3);
    int at = rest.lastIndexOf('@');
    HostAndPort address = HostAndPort.of(rest.substring(at + 1).replaceFirst("/.*", ""));
    if (address == null) {
      throw new Unusable("is not the address of a proxy, such as http://proxy.example.com:8080");
    }
    if (socks && at >= 0) {
      throw new Unusable("holds a user name, which is not supported for SOCKS proxies");
    }
    return new NetworkSettings.ProxyServer(
        variable,
        socks,
        address.host(),
        address.port(socks ? SOCKS_PORT : HTTP_PORT),
        at < 0 ? null : login(rest.substring(0, at)));
  }

  private static NetworkSettings.Login login(String text) throws Unusable {
    int colon = text.indexOf(':');
    try {
      return new NetworkSettings.Login(
          decoded(colon < 0 ? text : text.substring(0, colon)),
          decoded(colon < 0 ? "" : text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new Unusable(
          "has a % without two hexadecimal digits in its user name or password; write %25");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Whether the API is reached without the proxy. */
  private static boolean isExempt(Environment environment, String baseUrl) {
    if (!environment.isSet(Setting.NO_PROXY)) {
      return false;
    }
    URI url = URI.create(baseUrl);
    String host = url.getHost().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    int port = url.getPort() < 0 ? HTTPS_PORT : url.getPort();
    for (String entry : environment.words(Setting.NO_PROXY)) {
      if (entry.equals("*") || covers(entry.toLowerCase(Locale.ROOT), host, port)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an entry names the host, a domain above it, or a network with its address. */
  private static boolean covers(String entry, String host, int port) {
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return isWithin(host, entry.substring(0, slash), entry.substring(slash + 1));
    }
    HostAndPort exempt = HostAndPort.of(entry.replaceFirst("^\\*?\\.", ""));
    return exempt != null
        && exempt.port(port) == port
        && (host.equals(exempt.host()) || (host.endsWith("." + exempt.host()) && !isAddress(host)));
  }

  private static boolean isWithin(String host, String network, String length) {
    if (!isAddress(host) || !isAddress(network) || !length.matches("\\d{1,3}")) {
      return false;
    }
    try {
      byte[] address = InetAddress.getByName(host).getAddress();
      byte[] prefix = InetAddress.getByName(network).getAddress();
      int bits = Integer.parseInt(length);
      if (address.length != prefix.length || bits > 8 * address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * Whether a text looks like an IP address. A rough test (any colon counts), to keep host names
   * away from DNS.
   */
  private static boolean isAddress(String text) {
    return text.indexOf(':') >= 0 || text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static List<NetworkSettings.Authorities> authorities(
      Environment environment, List<String> problems) {
    List<NetworkSettings.Authorities> all = new ArrayList<>();
    for (Setting setting : AUTHORITIES) {
      String file = environment.find(setting);
      try {
        if (file != null) {
          all.add(new NetworkSettings.Authorities(setting.variable(), checked(file)));
        }
      } catch (Unusable e) {
        problems.add(
            "The file that %s names is ignored: it %s.".formatted(setting, e.getMessage()));
      }
    }
    return all;
  }

  /**
   * Checks a file of certificates, and returns its path. It only checks that a PEM header occurs:
   * parsing the 140 certificates of a system takes longer than the whole start.
   */
  private static Path checked(String file) throws Unusable {
    try {
      Path path = Environment.path(file);
      if (!Files.isRegularFile(path)) { // reading a pipe might never end
        throw new Unusable(Files.exists(path) ? "is not a regular file" : "does not exist");
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new Unusable("has more than 16 MiB");
      }
      if (!Files.readString(path, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE")) {
        throw new Unusable("holds no certificate in PEM form");
      }
      return path;
    } catch (IOException | InvalidPathException e) {
      throw new Unusable("cannot be read");
    }
  }

  /** Reports that a variable cannot be used. The message completes the sentence "it ...". */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** A host, in lower case and without brackets, and the port after the host, if any. */
  private record HostAndPort(String host, @Nullable Integer port) {
    /** Reads {@code host}, {@code host:port}, {@code [::1]:port} or {@code ::1}. */
    static @Nullable HostAndPort of(String text) {
      boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
      int colon = bare ? -1 : text.indexOf(':', text.lastIndexOf(']') + 1);
      String host = colon < 0 ? text : text.substring(0, colon);
      String port = colon < 0 ? "" : text.substring(colon + 1);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      }
      if (!host.matches("[A-Za-z0-9._:-]+") || !(colon < 0 || port.matches("[1-9]\\d{0,4}"))) {
        return null;
      }
      Integer number = colon < 0 ? null : Integer.valueOf(port);
      return number != null && number > 65_535
          ? null
          : new HostAndPort(host.toLowerCase(Locale.ROOT), number);
    }

    int port(int byDefault) {
      return port == null ? byDefault : port;
    }
  }
}
