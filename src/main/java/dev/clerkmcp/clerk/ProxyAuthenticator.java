package dev.clerkmcp.clerk;

import java.nio.charset.StandardCharsets;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Authenticates to an HTTP proxy with the user name and password of the configuration. */
final class ProxyAuthenticator implements Authenticator {
  private static final String HEADER = "Proxy-Authorization";

  private final NetworkSettings.@Nullable Login login;

  ProxyAuthenticator(NetworkSettings.@Nullable Login login) {
    this.login = login;
  }

  /**
   * Returns null, and so gives up, if there is no login or the proxy has rejected it. OkHttp calls
   * this for every status 407, even one that the server behind the proxy sends.
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
