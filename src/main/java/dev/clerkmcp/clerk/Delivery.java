package dev.clerkmcp.clerk;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Knows whether a request got as far as a connection to Clerk, after which nobody can recall it.
 */
public final class Delivery implements Interceptor {
  Delivery() {}

  /** Notes that a request is out of our hands, for an interceptor that stands in for Clerk. */
  public static void markSent(Request request) {
    Mark mark = request.tag(Mark.class);
    if (mark != null) {
      mark.sent = true;
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    markSent(chain.request());
    Response response = chain.proceed(chain.request());
    // OkHttp itself sends any request again at once after a 503 with this header, even a POST.
    boolean repeatAtOnce =
        response.code() == 503 && response.header("Retry-After", "").matches("0+");
    return repeatAtOnce ? response.newBuilder().removeHeader("Retry-After").build() : response;
  }

  /** Rides on a request. */
  static final class Mark {
    private volatile boolean sent;

    /** Marks one try of a request. */
    Request on(Request.Builder request) {
      return request.tag(Mark.class, this).build();
    }

    boolean sent() {
      return sent;
    }
  }
}
