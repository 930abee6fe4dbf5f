package dev.clerkmcp.clerk;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from this computer to Clerk.
 *
 * @param proxy the proxy in between; null if there is none
 * @param exemption the environment variable that exempts Clerk from a proxy which is set; null if
 *     none does
 * @param authorities files of certificate authorities that are trusted besides those of Java
 * @param problems what in the environment cannot be used, in a sentence each, without a secret
 */
public record Network(
    @Nullable ProxyServer proxy,
    @Nullable String exemption,
    List<Authorities> authorities,
    List<String> problems) {
  /** Without a proxy, and with the certificate authorities of Java alone. */
  public static final Network DIRECT = new Network(null, null, List.of(), List.of());

  public Network {
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
   * @param socks whether it speaks SOCKS instead of HTTP
   * @param host a name, or an IP address without brackets
   * @param login what it demands, if anything
   */
  public record ProxyServer(
      String variable, boolean socks, String host, int port, @Nullable Login login) {
    /** Host and port, for messages; never the login. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** A user of a proxy. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "(secret)";
    }
  }
}
