package dev.clerkmcp.clerk;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Signs every request and pins the version of Clerk's API that the tools are written for. */
final class ClerkHeadersInterceptor implements Interceptor {
  /** The version behind every declaration in the tools package. */
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
