package dev.clerkmcp.clerk;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Describes how to connect to Clerk: proxy and certificate authorities.
 *
 * @param proxy null for a direct connection
 * @param exemption the environment variable that exempts Clerk from the proxy; null if none does
 * @param authorities files of certificate authorities to trust besides those of Java
 * @param problems a sentence for each environment variable that cannot be used, without secrets
 */
public record NetworkSettings(
    @Nullable ProxyServer proxy,
    @Nullable String exemption,
    List<Authorities> authorities,
    List<String> problems) {
  /** No proxy, and only the certificate authorities of Java. */
  public static final NetworkSettings DIRECT =
      new NetworkSettings(null, null, List.of(), List.of());

  public NetworkSettings {
    authorities = List.copyOf(authorities);
    problems = List.copyOf(problems);
  }

  /**
   * A file of certificates in PEM form.
   *
   * @param variable the environment variable that names it
   */
  public record Authorities(String variable, Path file) {}

  /**
   * A proxy that opens a tunnel to Clerk.
   *
   * @param variable the environment variable that names it
   * @param socks whether it is a SOCKS proxy; else an HTTP proxy
   * @param host a name, or an IP address without brackets
   * @param login null if it requires none
   */
  public record ProxyServer(
      String variable, boolean socks, String host, int port, @Nullable Login login) {
    /** Host and port, without the login. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** User name and password for a proxy. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "(secret)";
    }
  }

  /** Authenticates to an HTTP proxy with the user name and password of the configuration. */
  static final class ProxyAuthenticator implements Authenticator {
    private static final String HEADER = "Proxy-Authorization";

    private final @Nullable Login login;

    ProxyAuthenticator(@Nullable Login login) {
      this.login = login;
    }

    /**
     * Returns null, and so gives up, if there is no login or the proxy has rejected it. OkHttp
     * calls this for every status 407, even one that the server behind the proxy sends.
     */
    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) {
      Request request = response.request();
      if (login == null || !request.method().equals("CONNECT") || request.header(HEADER) != null) {
        return null;
      }
      String basic = Credentials.basic(login.user(), login.password(), StandardCharsets.UTF_8);
      return request.newBuilder().header(HEADER, basic).build();
    }
  }
}
