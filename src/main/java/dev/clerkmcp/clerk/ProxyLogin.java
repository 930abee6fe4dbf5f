package dev.clerkmcp.clerk;

import java.nio.charset.StandardCharsets;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Tells an HTTP proxy user and password, with the first request to it. */
final class ProxyLogin implements Authenticator {
  private static final String HEADER = "Proxy-Authorization";

  private final Network.@Nullable Login login;

  ProxyLogin(Network.@Nullable Login login) {
    this.login = login;
  }

  /**
   * Answers null, and so gives up, if there is no login or the proxy rejects it. OkHttp asks for
   * every 407, but one that comes through the tunnel is not the proxy's.
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
