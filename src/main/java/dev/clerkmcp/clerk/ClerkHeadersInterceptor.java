package dev.clerkmcp.clerk;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Adds the secret key, the version of Clerk's API and the user agent to every request. */
final class ClerkHeadersInterceptor implements Interceptor {
  /** The version of the API that the tools are written for. */
  static final String API_VERSION = "2026-05-12";

  private final SecretKey key;
  private final String userAgent;

  ClerkHeadersInterceptor(SecretKey key, String userAgent) {
    this.key = key;
    this.userAgent = userAgent;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    return chain.proceed(
        chain
            .request()
            .newBuilder()
            .header("Authorization", "Bearer " + key.reveal())
            .header("Clerk-API-Version", API_VERSION)
            .header("User-Agent", userAgent)
            .header("Accept", "application/json")
            .build());
  }
}
