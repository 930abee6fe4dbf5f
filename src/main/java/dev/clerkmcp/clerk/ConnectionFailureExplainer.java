package dev.clerkmcp.clerk;

import dev.clerkmcp.Setting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Explains why a request got no response: what failed, which connection, and what to do. */
final class ConnectionFailureExplainer {
  private static final String CODE = "connection_failed";

  // OkHttp has no exception classes for these two.
  private static final String WRONG_LOGIN = "Failed to authenticate with proxy";
  private static final String NO_TUNNEL = "Unexpected response code for CONNECT: ";

  private static final Pattern CERTIFICATE_NAMES = Pattern.compile("subjectAltNames: \\[(.*)]");
  private static final Pattern COMMON_NAME = Pattern.compile("(?:^|[,+])CN=((?:\\\\.|[^,+\\\\])+)");

  /** Characters that no name needs; the text of a certificate may be hostile. */
  private static final Pattern UNUSUAL = Pattern.compile("[^\\p{L}\\p{N} .,:&'()@*_/-]");

  private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\..*|::1");

  private static final int MAX_QUOTE_LENGTH = 80;

  private final HttpUrl clerk;
  private final NetworkSettings network;

  ConnectionFailureExplainer(HttpUrl clerk, NetworkSettings network) {
    this.clerk = clerk;
    this.network = network;
  }

  /**
   * Explains a failure. The returned exception has a cause only if a retry may succeed; {@link
   * RetryPolicy} relies on that.
   *
   * @param failure thrown by OkHttp
   * @param marker how far the request got
   */
  ClerkException explain(IOException failure, SentInterceptor.SentMarker marker) {
    IOException cause =
        marker.reusedConnection()
            ? new StaleConnectionInterceptor.StaleConnectionException(failure)
            : failure;
    if (!marker.sent()) {
      String permanent = permanentProblem(failure);
      List<String> sentences = new ArrayList<>();
      sentences.add(permanent == null ? transientProblem(failure) : permanent);
      sentences.addAll(network.problems());
      return ClerkException.withoutAnswer(
          CODE, String.join(" ", sentences), false, permanent == null ? cause : null);
    }
    if (failure instanceof InterruptedIOException) {
      return ClerkException.withoutAnswer(
          "timeout", "Clerk did not answer in time.", true, failure);
    }
    boolean mayHaveBeenProcessed = marker.mayHaveBeenProcessed(failure);
    return ClerkException.withoutAnswer(
        CODE,
        mayHaveBeenProcessed
            ? "The connection to %s broke before the answer was complete.".formatted(server())
            : "%s rejected the request before it processed it.".formatted(server()),
        mayHaveBeenProcessed,
        cause);
  }

  private @Nullable String permanentProblem(IOException failure) {
    if (failure instanceof SSLException tls) {
      return tlsProblem(tls);
    }
    NetworkSettings.ProxyServer proxy = network.proxy();
    String message = String.valueOf(failure.getMessage());
    if (proxy == null) {
      return null;
    }
    if (message.equals(WRONG_LOGIN)) {
      return proxy.login() == null
          ? ("The proxy %1$s requires a user name and a password (407)."
                  + " Set %2$s to http://user:password@%1$s.")
              .formatted(proxy, proxy.variable())
          : "The proxy %s rejects the user name or the password in %s (407)."
              .formatted(proxy, proxy.variable());
    }
    return message.startsWith(NO_TUNNEL)
        ? "The proxy %s refuses to connect to %s; it answered %s."
            .formatted(proxy, server(), quote(message.substring(NO_TUNNEL.length())))
        : null;
  }

  private @Nullable String tlsProblem(SSLException failure) {
    if (failure instanceof SSLPeerUnverifiedException) {
      Matcher names = CERTIFICATE_NAMES.matcher(String.valueOf(failure.getMessage()));
      boolean named = names.find() && !names.group(1).isBlank();
      return named
          ? "The TLS certificate of %s is for another host (%s)."
              .formatted(server(), quote(names.group(1)))
          : "The TLS certificate of %s names no host (it has no subjectAltName)."
              .formatted(server());
    }
    ServerTrust.Rejected rejected = find(ServerTrust.Rejected.class, failure);
    if (find(CertificateExpiredException.class, failure) != null) {
      return "The TLS certificate of %s has expired. %s"
          .formatted(
              server(),
              "Check the clock of this computer; if it is right, the server needs a new"
                  + " certificate.");
    }
    if (find(CertificateNotYetValidException.class, failure) != null) {
      return "The TLS certificate of %s is not valid yet. Check the clock of this computer."
          .formatted(server());
    }
    if (rejected != null) {
      return "The TLS certificate of %s is not trusted. It is issued by \"%s\". %s"
          .formatted(server(), quote(commonName(rejected.issuer())), remedyForIssuer());
    }
    return failure.getCause() instanceof IOException
        ? null // the connection broke during the handshake
        : "The TLS handshake with %s failed: %s."
            .formatted(server(), quote(String.valueOf(failure.getMessage())));
  }

  private String remedyForIssuer() {
    if (network.authorities().isEmpty()) {
      return "If this is the certificate authority of your company, set "
          + Setting.NODE_EXTRA_CA_CERTS
          + " to a PEM"
          + " file with its certificate.";
    }
    return network.authorities().stream()
        .map(NetworkSettings.Authorities::variable)
        .collect(
            Collectors.joining(
                " and ",
                "If this is the certificate authority of your company, add its certificate to the"
                    + " file of ",
                ", which lacks it."));
  }

  private String transientProblem(IOException failure) {
    NetworkSettings.ProxyServer proxy = network.proxy();
    String party = proxy == null ? server() : "the proxy " + proxy;
    String remedy = remedy();
    if (failure instanceof UnknownHostException) {
      return "The host name %s is unknown. %s"
          .formatted(proxy == null ? clerk.host() : proxy.host(), remedy);
    }
    if (failure instanceof InterruptedIOException) {
      return "Connecting to %s%s timed out. %s"
          .formatted(server(), proxy == null ? "" : " through the proxy " + proxy, remedy);
    }
    if (failure instanceof ConnectException
        && String.valueOf(reason(failure)).contains("refused")) {
      return "The connection was refused by %s. %s".formatted(party, remedy);
    }
    return "The connection to %s%s failed: %s. %s"
        .formatted(
            server(),
            proxy == null ? "" : " through the proxy " + proxy,
            quote(reason(failure)),
            remedy);
  }

  private String remedy() {
    if (network.proxy() != null) {
      return "Check %s.".formatted(network.proxy().variable());
    }
    if (network.exemption() != null) {
      return "%s exempts this host from the proxy.".formatted(network.exemption());
    }
    return LOOPBACK.matcher(clerk.host()).matches()
        ? "Check " + Setting.API_URL + "."
        : "If this network requires a proxy, set " + Setting.HTTPS_PROXY + ".";
  }

  private String server() {
    return (clerk.host().indexOf(':') < 0 ? clerk.host() : "[" + clerk.host() + "]")
        + ":"
        + clerk.port();
  }

  /**
   * The operating system's message about a socket. The message of any other exception may quote the
   * request and its secrets, so only the class is named.
   */
  private static String reason(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() instanceof IOException) {
      reason = reason.getCause();
    }
    return reason instanceof SocketException && reason.getMessage() != null
        ? reason.getMessage()
        : reason.getClass().getSimpleName();
  }

  private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  private static String commonName(String issuer) {
    Matcher name = COMMON_NAME.matcher(issuer);
    return name.find() ? name.group(1).replaceAll("\\\\(.)", "$1") : issuer;
  }

  private static String quote(String text) {
    String harmless = UNUSUAL.matcher(text).replaceAll("?");
    return harmless.codePointCount(0, harmless.length()) <= MAX_QUOTE_LENGTH
        ? harmless
        : harmless.substring(0, harmless.offsetByCodePoints(0, MAX_QUOTE_LENGTH)) + "...";
  }
}
