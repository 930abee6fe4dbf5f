package dev.clerkmcp.clerk;

import java.io.IOException;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Adds the {@code traceparent} header to requests whose tool call has one, so that they become part
 * of the client's distributed trace.
 */
public final class TraceHeaderInterceptor implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Traceparent trace = request.tag(Traceparent.class);
    return chain.proceed(
        trace == null
            ? request
            : request.newBuilder().header("traceparent", trace.header()).build());
  }

  /**
   * The position of a request in a distributed trace; attached to the request as a tag.
   *
   * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
   */
  record Traceparent(String header) {
    /** Version 00: trace, parent and flags; an ID of only zeros is invalid. */
    private static final Pattern VALID =
        Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** Parses the header; null if it is invalid. */
    static @Nullable Traceparent parse(String header) {
      return VALID.matcher(header).matches() ? new Traceparent(header) : null;
    }
  }
}
