package dev.clerkmcp.clerk;

import java.nio.file.Path;
import java.util.List;
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
}
